import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { calendarReconcile } from './calendar.events.js';
import { OUT_OF_STEP } from './calendar.sql.js';

const EVERY_MS = 30_000;

/** Finds every booking whose event may not say what it should, whatever the reason, and has it looked at. */
@Injectable()
export class CalendarSweeper {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly config: Config,
    recurring: RecurringWork,
  ) {
    recurring.every(EVERY_MS, 'calendar-sweep', () => this.sweep());
  }

  /** Answers how many were found. */
  async sweep(): Promise<number> {
    if (this.config.google.mode === 'unconfigured') return 0;
    return this.database.transact(WORKER, async (em) => {
      const found = await run<{ id: string }>(em, OUT_OF_STEP);
      await this.outbox.add(em, ...found.map(({ id }) => calendarReconcile(id)));
      return found.length;
    });
  }
}
