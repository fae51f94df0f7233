import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { Unavailable } from '../common/domain-error.js';
import { reportError } from '../common/error-reports.js';
import { effectsTotal } from '../common/metrics.js';
import { withRequestId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { failpoint } from '../common/failpoint.js';
import { HandlerRegistry } from './handler.registry.js';
import { OUTBOX_FAIL, OUTBOX_GIVE_UP, OUTBOX_POSTPONE, OUTBOX_SETTLE } from './outbox.sql.js';
import type { Lane } from './lanes.js';
import { Hopeless, LostClaim, RetryLater, type Effect } from './outbox.types.js';

/** A row as a claim returns it. */
export interface ClaimedRow {
  id: string;
  topic: string;
  handler: string;
  payload: Record<string, unknown>;
  payload_version: number;
  attempt: number;
  failures: number;
  lost_claims: number;
  request_id: string | null;
  lane: Lane;
}

/** A handler that takes longer hangs: its row is failed, and whatever it does later is fenced off. */
const LONGEST_RUN_MS = 120_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10 * 60_000;

/** Exponential backoff with full jitter, in ms of real time: between 0 and 1 s · 2^(failures−1), at most 10 min. */
export function backoffMs(failures: number, random = Math.random()): number {
  return Math.floor(random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)));
}

/** Runs one claimed row through its handler and settles it, whichever runner brought it. */
@Injectable()
export class EffectRunner {
  private readonly logger = new Logger('Outbox');

  constructor(
    private readonly database: Database,
    private readonly registry: HandlerRegistry,
  ) {}

  /**
   * Whether it is done; `claimedAtMs` as in `Effect`. Never rejects: failures are written to the row, a lost claim is left to its new
   * owner.
   */
  async run(row: ClaimedRow, claimedAtMs: number): Promise<boolean> {
    return withRequestId(row.request_id ?? row.id, async () => {
      try {
        return await this.handle(row, claimedAtMs);
      } catch (error) {
        await this.fail(row, error).catch((failure: unknown) =>
          this.logger.warn({
            outboxId: row.id,
            error: failure instanceof Error ? failure.message : 'unknown',
          }),
        );
        return false;
      }
    });
  }

  /** False when it put itself off. */
  private async handle(row: ClaimedRow, claimedAtMs: number): Promise<boolean> {
    const entry = this.registry.find(row.handler);
    if (!entry) throw new Error(`no handler named ${row.handler} here`);
    let [settled, isDone] = [false, true];
    const effect: Effect = {
      id: row.id,
      topic: row.topic,
      payload: row.payload,
      payloadVersion: row.payload_version,
      attempt: row.attempt,
      claimedAtMs,
      settle: async (em) => {
        await this.settle(em, row);
        settled = true;
      },
      wasSettled: () => (settled = true),
      postpone: async (em, dueAt) => {
        await own(run(em, OUTBOX_POSTPONE, [row.id, row.attempt, dueAt]));
        [settled, isDone] = [true, false];
      },
      giveUp: async (em, reason) => {
        await own(run(em, OUTBOX_GIVE_UP, [row.id, row.attempt, reason]));
        settled = true;
      },
    };
    await inTime(entry.handler.handle(effect));
    if (!settled) {
      failpoint('outbox.before-settle');
      await own(this.database.execute(WORKER, OUTBOX_SETTLE, [row.id, row.attempt]));
    }
    effectsTotal.inc({ handler: row.handler, outcome: 'done' });
    failpoint('outbox.after-settle');
    return isDone;
  }

  private async settle(em: EntityManager, row: ClaimedRow): Promise<void> {
    failpoint('outbox.before-settle');
    await own(run(em, OUTBOX_SETTLE, [row.id, row.attempt]));
  }

  private async fail(row: ClaimedRow, error: unknown): Promise<void> {
    if (error instanceof LostClaim) return;
    const failures = row.failures + 1;
    // A database that has no time is no fault of the effect’s.
    const isWaiting = error instanceof RetryLater || error instanceof Unavailable;
    const most = this.registry.mostFailures(row.handler);
    const dead = error instanceof Hopeless || (!isWaiting && failures >= most);
    const wait = error instanceof RetryLater ? error.afterMs : backoffMs(failures);
    const message =
      error instanceof Error
        ? `${error.name}: ${error.message}`.slice(0, 500)
        : 'something that is no Error was thrown';
    const { id: outboxId, topic, handler, attempt } = row;
    this.logger.warn({ outboxId, topic, handler, attempt, failures, dead, error: message });
    effectsTotal.inc({ handler, outcome: dead ? 'dead' : 'again' });
    if (dead) reportError(error, { outboxId, topic, handler });
    const values = [row.id, row.attempt, message, dead, wait, isWaiting ? 0 : 1];
    await this.database.execute(WORKER, OUTBOX_FAIL, values);
  }
}

/** Rejects when the work takes too long; the work itself cannot be stopped. */
async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the handler took too long')), LONGEST_RUN_MS).unref();
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function own(result: Promise<unknown[]>): Promise<void> {
  if ((await result).length === 0) throw new LostClaim();
}
