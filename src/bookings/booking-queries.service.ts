import type { FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { addDays } from '../common/time/local-date.js';
import { dayBounds } from '../common/time/zoned-time.js';
import { BusinessService } from '../business/business.service.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import { Database } from '../database/database.service.js';
import type { BookingActor } from './booking-changes.service.js';
import { visibleTo } from './booking.scope.js';
import { viewOf, type BookingView, type HistoryLine } from './booking.view.js';
import { BookingEvent } from './entities/booking-event.entity.js';
import { Booking, type BookingStatus } from './entities/booking.entity.js';

const LONGEST_VISIT_MS = 12 * 3_600_000;

/** Which bookings staff want to see; dates are local to the salon, both included. */
export interface BookingFilter {
  from: string | null;
  to: string | null;
  staffId: string | null;
  customerId: string | null;
  status: BookingStatus | null;
}

/** Reads of bookings, each with the actor in the *where*. */
@Injectable()
export class BookingQueries {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
  ) {}

  async get(actor: BookingActor, id: string): Promise<BookingView> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await em.findOne(Booking, { $and: [{ id }, visibleTo(actor)] });
      if (!booking) throw new NotFound();
      return this.view(em, booking, now);
    });
  }

  /** By start; reads one row more than the page shows. Lists carry no history. */
  async list(actor: StaffActor, query: PageQuery, filter: BookingFilter): Promise<BookingView[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em, now) => {
      const { timeZone } = await this.business.get(em);
      const where: FilterQuery<Booking>[] = [
        visibleTo(actor),
        matching(filter, timeZone),
        beyond('startsAt', cursor, 'asc'),
      ];
      const rows = await em.find(
        Booking,
        { $and: where },
        { orderBy: { startsAt: 'asc', id: 'asc' }, limit: pageSize(query) + 1 },
      );
      const names = await staffNames(em, rows);
      return rows.map((row) =>
        viewOf(row, { staffName: names.get(row.resourceId) ?? '', timeZone, now, history: [] }),
      );
    });
  }

  /** One booking with its names and history, inside the caller's transaction. */
  async view(em: EntityManager, booking: Booking, now: Date): Promise<BookingView> {
    await em.flush();
    const { timeZone } = await this.business.get(em);
    const names = await staffNames(em, [booking]);
    // By id, which is drawn under the booking's lock: a command's instant is that of its begin, and it may have waited.
    const events = await em.find(BookingEvent, { bookingId: booking.id }, { orderBy: { id: 'asc' } });
    return viewOf(booking, {
      staffName: names.get(booking.resourceId) ?? '',
      timeZone,
      now,
      history: events.map(lineOf),
    });
  }
}

function matching(filter: BookingFilter, zone: string): FilterQuery<Booking> {
  return {
    $and: [
      fromOn(filter.from, zone),
      filter.to ? { startsAt: { $lt: dayBounds(addDays(filter.to, 1), zone).start } } : {},
    ],
    ...(filter.staffId ? { resourceId: filter.staffId } : {}),
    ...(filter.customerId ? { customerId: filter.customerId } : {}),
    ...(filter.status ? { status: filter.status } : {}),
  };
}

/** What ends after a day's beginning began at most 12 h before it (`booking_at_most_a_day`): the index needs that bound. */
function fromOn(date: string | null, zone: string): FilterQuery<Booking> {
  if (!date) return {};
  const { start } = dayBounds(date, zone);
  return { endsAt: { $gt: start }, startsAt: { $gt: new Date(start.getTime() - LONGEST_VISIT_MS) } };
}

async function staffNames(em: EntityManager, bookings: readonly Booking[]): Promise<Map<string, string>> {
  const ids = [...new Set(bookings.map((booking) => booking.resourceId))];
  const resources = await em.find(Resource, { id: { $in: ids } });
  return new Map(resources.map((resource) => [resource.id, resource.name]));
}

function lineOf(event: BookingEvent): HistoryLine {
  return { type: event.type, at: event.at, by: event.actorKind, reason: event.after.reason ?? null };
}
