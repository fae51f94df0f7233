import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { KeptForMonths, type KeptForATime } from '../database/retention.js';
import { run, type Statement } from '../database/statement.js';
import { BOOKING_ERASE, BOOKING_EVENT_ERASE } from './personal-data.sql.js';
import {
  BOOKING_PAST_COUNT,
  BOOKING_PAST_CUT,
  NOTES_CUT,
  NOTES_PAST,
  NOTES_PAST_COUNT,
} from './retention.sql.js';

/** Old bookings lose whose they were; time, service and amount stay for the statistics. */
@Injectable()
@KeptForMonths('bookings')
export class BookingRetention implements KeptForATime {
  async count(em: EntityManager, months: number): Promise<number> {
    return rowsOf(em, BOOKING_PAST_COUNT, months);
  }

  async cut(em: EntityManager, _months: number, most: number): Promise<number> {
    return rowsOf(em, BOOKING_PAST_CUT, most);
  }
}

/** What was written down about people, here and in their bookings, ends some time after their last appointment. Counted in people. */
@Injectable()
@KeptForMonths('notes')
export class NotesRetention implements KeptForATime {
  async count(em: EntityManager, months: number): Promise<number> {
    return rowsOf(em, NOTES_PAST_COUNT, months);
  }

  async cut(em: EntityManager, months: number, most: number): Promise<number> {
    const people = await run<{ id: string }>(em, NOTES_PAST, [months, most]);
    await run(em, NOTES_CUT, [people.map(({ id }) => id)]);
    for (const { id } of people) {
      await run(em, BOOKING_ERASE, [id]);
      await run(em, BOOKING_EVENT_ERASE, [id]);
    }
    return people.length;
  }
}

async function rowsOf(em: EntityManager, statement: Statement, value: number): Promise<number> {
  const [found] = await run<{ rows: number }>(em, statement, [value]);
  return found?.rows ?? 0;
}
