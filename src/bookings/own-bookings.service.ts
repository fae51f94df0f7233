import type { FilterQuery } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { CustomerActor, StaffActor } from '../common/actor.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { Database } from '../database/database.service.js';
import type { Question } from '../database/question.js';
import { run } from '../database/statement.js';
import { visibleTo } from './booking.scope.js';
import { viewOf, type BookingView } from './booking.view.js';
import type { SalonContact } from './bookings.errors.js';
import { Booking } from './entities/booking.entity.js';
import { actionsOf, type OwnActions } from './own-actions.js';
import { OWN_STANDING, OWN_UPCOMING, STAFF_NAMES } from './own-bookings.sql.js';

/** More than anybody may have open at once, staff's overrides included. */
const MOST_UPCOMING = 100;

/** Whoever may look at a customer's bookings as that customer's: they themselves, or the desk. */
export type PortalActor = CustomerActor | StaffActor;

/** One that is still to come, with what its customer may do about it. */
export interface UpcomingBooking {
  readonly booking: BookingView;
  readonly actions: OwnActions;
}

/** Something a customer came for most often. */
export interface Favourite {
  readonly id: string;
  readonly name: string;
  readonly visits: number;
}

/** What a customer spent in one currency: what came and did not go back, over so many bookings. */
export interface Spent {
  readonly currency: string;
  readonly minor: number;
  readonly bookings: number;
}

/** A customer's whole record in numbers. */
export interface Standing {
  readonly total: number;
  readonly completed: number;
  readonly cancelled: number;
  readonly no_shows: number;
  /** Milliseconds since 1970. */
  readonly first_visit_ms: number | null;
  readonly last_visit_ms: number | null;
  readonly next_visit_ms: number | null;
  readonly spent: readonly Spent[];
  readonly favourite_service: Favourite | null;
  readonly favourite_staff: Favourite | null;
  readonly salon: SalonContact & { readonly timeZone: string };
}

interface UpcomingRow extends QueryResultRow {
  readonly staff_name: string;
}

interface SalonNames {
  readonly time_zone: string;
  readonly names: Readonly<Record<string, string>>;
}

/**
 * A customer's bookings as the portal shows them: two statements, however many there are. Whose portal it is is asked beside
 * them; the numbers are one customer's by their id and by row-level security, the rows by the actor in the *where* too.
 */
@Injectable()
export class OwnBookings {
  constructor(private readonly database: Database) {}

  standing(actor: PortalActor, customerId: string): Question<Standing> {
    return {
      statement: OWN_STANDING,
      values: [customerId, actor.kind === 'customer' ? actor.historyFrom : null],
      answer: ([row]: Standing[]) => {
        if (!row) throw new Error('a count without a row');
        return row;
      },
    };
  }

  /** Held and confirmed ones that have not begun, soonest first; the salon they are judged by is the standing's. */
  upcoming(actor: PortalActor, customerId: string): Question<(standing: Standing) => UpcomingBooking[]> {
    return {
      statement: OWN_UPCOMING,
      values: [customerId, actor.kind === 'customer' ? actor.customerId : null, MOST_UPCOMING],
      answer: (rows: UpcomingRow[], seen) => {
        const bookings = seen.as(Booking, rows);
        return ({ salon }) =>
          bookings.map((booking, index) => ({
            booking: shown(booking, rows[index]?.staff_name ?? '', salon.timeZone, seen.now),
            actions: actionsOf(booking, seen.now, salon),
          }));
      },
    };
  }

  /** All states, by start, the latest first; reads one row more than the page shows. */
  async history(actor: PortalActor, customerId: string, query: PageQuery): Promise<BookingView[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em, now) => {
      const where: FilterQuery<Booking>[] = [
        { customerId },
        visibleTo(actor),
        beyond('startsAt', cursor, 'desc'),
      ];
      const bookings = await em.find(
        Booking,
        { $and: where },
        { orderBy: { startsAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      );
      const ids = [...new Set(bookings.map(({ resourceId }) => resourceId))];
      const [salon] = await run<SalonNames>(em, STAFF_NAMES, [ids]);
      if (!salon) throw new Error('there is no salon');
      return bookings.map((booking) =>
        shown(booking, salon.names[booking.resourceId] ?? '', salon.time_zone, now),
      );
    });
  }
}

function shown(booking: Readonly<Booking>, staffName: string, timeZone: string, now: Date): BookingView {
  return viewOf(booking, { staffName, timeZone, now, history: [] });
}
