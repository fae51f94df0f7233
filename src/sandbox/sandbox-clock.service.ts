import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DatabaseClock } from '../common/clock.js';
import { Config, isLive } from '../config/config.js';
import { CLOCK_ADVANCE, CLOCK_RESET, CLOCK_SET } from '../database/app-clock.sql.js';
import { Database } from '../database/database.service.js';
import { run, type Statement } from '../database/statement.js';
import { SandboxOnly } from './sandbox.errors.js';

/** How app time shall move: to an instant, on by minutes, or back to real time. */
export type ClockMove = { to: Date } | { advanceMinutes: number } | 'reset';

/** Moves app time, so that a week is lived through in a second. */
@Injectable()
export class SandboxClock {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: DatabaseClock,
  ) {}

  /** App time as it is now. */
  async now(actor: Actor): Promise<Date> {
    return this.database.transact(actor, async (_, now) => now);
  }

  /**
   * Moves app time for every process on this database and returns it. This process looks for what is due at once, the
   * others within seconds, as they always do. Throws `SandboxOnly` while any provider is live.
   */
  async move(actor: Actor, move: ClockMove): Promise<Date> {
    if (isLive(this.config) || this.config.production) throw new SandboxOnly();
    const [statement, values] = statementOf(move);
    await this.database.transact(actor, (em) => run(em, statement, values));
    const now = await this.now(actor);
    this.clock.moved();
    return now;
  }
}

function statementOf(move: ClockMove): [Statement, unknown[]] {
  if (move === 'reset') return [CLOCK_RESET, []];
  return 'to' in move ? [CLOCK_SET, [move.to]] : [CLOCK_ADVANCE, [move.advanceMinutes]];
}
