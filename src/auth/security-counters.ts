import { Injectable } from '@nestjs/common';
import { SIGN_IN } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { COUNTER_FORGIVE, COUNTER_TAKE, COUNTER_WAIT } from './auth.sql.js';

/** What is counted under which key, and what too many attempts bring; all times in seconds of real time. */
export interface CounterRule {
  readonly key: string;
  /** After this long without an attempt the counter starts anew. */
  readonly quietSeconds: number;
  /** From this attempt on each one blocks the next. */
  readonly blocksFrom: number;
  readonly firstWait: number;
  readonly longestWait: number;
}

/** An attempt that may be made: how many there were, and how long the next one will have to wait. */
export interface Attempt {
  readonly blocked: false;
  readonly count: number;
  readonly nextWait: number;
}
/** An attempt that may not be made for `wait` more seconds. */
export interface Blocked {
  readonly blocked: true;
  readonly wait: number;
}

/** Counters that guard secrets: in PostgreSQL, committed on their own before the attempt, never scaled. */
@Injectable()
export class SecurityCounters {
  constructor(private readonly database: Database) {}

  /** Counts an attempt under each rule in the given order, up to the first that blocks; all in one commit. */
  async take(rules: readonly CounterRule[]): Promise<readonly Attempt[] | Blocked> {
    return this.database.apart(SIGN_IN, async (em) => {
      const attempts: Attempt[] = [];
      for (const { key, quietSeconds, blocksFrom, firstWait, longestWait } of rules) {
        const values = [key, quietSeconds, blocksFrom, firstWait, longestWait];
        const [row] = await run<{ count: number; wait: number | null }>(em, COUNTER_TAKE, values);
        if (!row) return { blocked: true, wait: await this.waitOf(em, key) };
        attempts.push({ blocked: false, count: row.count, nextWait: row.wait ?? 0 });
      }
      return attempts;
    });
  }

  /** After a success: forgets the caller's own failures, and takes the attempt back from counters shared with others. */
  async forgive(own: readonly string[], shared: readonly string[]): Promise<void> {
    await this.database.apart(SIGN_IN, (em) => run(em, COUNTER_FORGIVE, [own, shared]));
  }

  private async waitOf(em: Parameters<typeof run>[0], key: string): Promise<number> {
    const [row] = await run<{ wait: number }>(em, COUNTER_WAIT, [key]);
    return row?.wait ?? 1;
  }
}
