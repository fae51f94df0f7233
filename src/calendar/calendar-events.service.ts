import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { BookingQueries } from '../bookings/booking-queries.service.js';
import { InvalidTransition } from '../bookings/bookings.errors.js';
import type { StaffActor } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { CalendarNotConnected, CalendarUnavailable } from './calendar.errors.js';
import { CalendarFailure } from './calendar.gateway.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';
import { EVENT_OF_BOOKING, LINK_SUPPRESS } from './calendar.sql.js';
import { eventIdOf } from './rules/desired-event.js';

const BUSY_WAIT_MS = 200;
const MOST_WAITS = 25;

/** A booking's event in the calendar it is written to. */
export interface BookingEventView {
  bookingId: string;
  calendarId: string;
  eventId: string;
  syncedAt: Date;
}

interface EventRow {
  calendar: string | null;
  google_id: string | null;
  event_id: string | null;
  synced_at: string | null;
}

/** What staff want of a booking's event at once; without them it follows the booking by itself. */
@Injectable()
export class CalendarEvents {
  constructor(
    private readonly database: Database,
    private readonly bookings: BookingQueries,
    private readonly reconciling: CalendarReconciling,
    private readonly audit: AuditLog,
  ) {}

  /** Makes the event, or answers with the one that is there. Also takes back that staff wanted none. */
  async create(actor: StaffActor, bookingId: string): Promise<{ event: BookingEventView; isNew: boolean }> {
    const before = await this.prepare(actor, bookingId, false);
    await this.reconcile(bookingId, false);
    return { event: await this.event(actor, bookingId), isNew: before.synced_at === null };
  }

  /** Writes the event anew, whatever it says by now. */
  async update(actor: StaffActor, bookingId: string): Promise<BookingEventView> {
    await this.prepare(actor, bookingId, false);
    await this.reconcile(bookingId, true);
    return this.event(actor, bookingId);
  }

  /** Takes the event away; it does not come back until somebody makes it again. */
  async remove(actor: StaffActor, bookingId: string): Promise<void> {
    await this.prepare(actor, bookingId, true);
    await this.reconcile(bookingId, false);
  }

  private async prepare(actor: StaffActor, bookingId: string, isUnwanted: boolean): Promise<EventRow> {
    const { status } = await this.bookings.get(actor, bookingId);
    if (!isUnwanted && !['confirmed', 'completed', 'no_show'].includes(status))
      throw new InvalidTransition(status, 'in-the-calendar');
    return this.database.transact(actor, async (em) => {
      const [row] = await run<EventRow>(em, EVENT_OF_BOOKING, [bookingId]);
      if (!row?.calendar) throw new CalendarNotConnected();
      const values = [bookingId, row.calendar, eventIdOf(bookingId), isUnwanted];
      await run(em, LINK_SUPPRESS, values);
      const action = isUnwanted ? 'calendar.event-removed' : 'calendar.event-written';
      await this.audit.record(em, actor, { action, subjectKind: 'booking', subjectId: bookingId });
      return row;
    });
  }

  private async reconcile(bookingId: string, force: boolean): Promise<void> {
    try {
      for (let waits = 0; waits < MOST_WAITS; waits += 1) {
        const ended = await this.reconciling.reconcile(bookingId, force);
        if (ended === 'waiting') throw new CalendarNotConnected();
        if (ended === 'paused') throw new CalendarUnavailable();
        if (ended !== 'busy') return;
        await pause(BUSY_WAIT_MS);
      }
      throw new CalendarUnavailable();
    } catch (error) {
      if (!(error instanceof CalendarFailure)) throw error;
      throw error.kind === 'revoked' ? new CalendarNotConnected() : new CalendarUnavailable();
    }
  }

  private async event(actor: StaffActor, bookingId: string): Promise<BookingEventView> {
    const [row] = await this.database.transact(actor, (em) =>
      run<EventRow>(em, EVENT_OF_BOOKING, [bookingId]),
    );
    if (!row?.google_id || !row.event_id || !row.synced_at) throw new CalendarUnavailable();
    return { bookingId, calendarId: row.google_id, eventId: row.event_id, syncedAt: new Date(row.synced_at) };
  }
}
