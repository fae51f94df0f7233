import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { UPKEEP_TURN } from './upkeep.sql.js';

const HOUR_MS = 3_600_000;
const MOST_BATCHES = 50;

/** Housekeeping that any process may do and that many may try at once; what fails is tried again in an hour. */
@Injectable()
export class Upkeep implements OnModuleInit {
  private readonly logger = new Logger(Upkeep.name);

  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
    private readonly recurring: RecurringWork,
  ) {}

  /** The month's partition must be there before the first audit row, which the start of other modules may write. */
  async onModuleInit(): Promise<void> {
    this.recurring.every(HOUR_MS, 'audit-months', () => this.makeAuditMonths());
    this.recurring.every(HOUR_MS, 'prune-outbox', () => this.pruneOutbox());
    try {
      await this.makeAuditMonths();
    } catch (error) {
      // The log's default partition takes the rows meanwhile, so this is no reason not to start.
      this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
    }
  }

  /** Makes the audit partitions of this month and the next, unless another process is at it. */
  private async makeAuditMonths(): Promise<void> {
    await this.database.transact(WORKER, async (em) => {
      const [turn] = await run<{ mine: boolean }>(em, UPKEEP_TURN);
      if (turn?.mine) await this.audit.ensureMonths(em);
    });
  }

  private async pruneOutbox(): Promise<void> {
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      if ((await this.outbox.prune()) === 0) return;
    }
  }
}
