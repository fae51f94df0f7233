import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { AUTH_PRUNE_COUNTERS, AUTH_PRUNE_SESSIONS } from './auth.sql.js';
import { CODE_PRUNE } from './codes.sql.js';

const EVERY_MS = 600_000;

/** Clears counters at rest, long-ended sessions and yesterday's challenges; safe on any number of processes. */
@Injectable()
export class AuthSweeper implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(EVERY_MS, 'auth.prune', () => this.prune());
  }

  private async prune(): Promise<void> {
    await this.database.transact(WORKER, async (em) => {
      await run(em, AUTH_PRUNE_COUNTERS);
      await run(em, AUTH_PRUNE_SESSIONS);
      await run(em, CODE_PRUNE);
    });
  }
}
