import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { run } from '../database/statement.js';
import { CALENDAR_MARK } from './booking-calendar-mark.sql.js';

/** The id of a booking's event in the calendar it is written to: for show, and no change of the booking. */
@Injectable()
export class BookingCalendarMark {
  /** Joins the caller's transaction; null: there is none. */
  async set(em: EntityManager, bookingId: string, eventId: string | null): Promise<void> {
    await run(em, CALENDAR_MARK, [bookingId, eventId]);
  }
}
