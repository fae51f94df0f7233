import type { FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { CustomerActor, StaffActor } from '../common/actor.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import { visibleTo } from './booking.scope.js';
import { viewOf, type BookingView } from './booking.view.js';
import type { SalonContact } from './bookings.errors.js';
import { Booking } from './entities/booking.entity.js';
import { actionsOf, type OwnActions } from './own-actions.js';
import { OWN_STANDING } from './own-bookings.sql.js';

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
  /** Of the people who did or will do it, by id. */
  readonly names: Readonly<Record<string, string>>;
  readonly salon: SalonContact & { readonly timeZone: string };
}

/**
 * A customer's bookings as the portal shows them: two statements, however many there are. Whose portal it is was decided
 * before; the actor stands in each *where* all the same.
 */
@Injectable()
export class OwnBookings {
  constructor(private readonly database: Database) {}

  async standing(actor: PortalActor, customerId: string): Promise<Standing> {
    return this.database.transact(actor, (em) => this.read(em, actor, customerId));
  }

  /** Held and confirmed ones that have not begun, soonest first. */
  async upcoming(
    actor: PortalActor,
    customerId: string,
    known?: Promise<Standing>,
  ): Promise<UpcomingBooking[]> {
    return this.database.transact(actor, async (em, now) => {
      const found = em.find(
        Booking,
        {
          $and: [
            { customerId, startsAt: { $gte: now } },
            visibleTo(actor),
            { $or: [{ status: 'confirmed' }, { status: 'held', holdExpiresAt: { $gt: now } }] },
          ],
        },
        { orderBy: { startsAt: 'asc', id: 'asc' }, limit: MOST_UPCOMING },
      );
      const [{ salon, names }, bookings] = await together([known ?? this.read(em, actor, customerId), found]);
      return bookings.map((booking) => ({
        booking: shown(booking, names, salon.timeZone, now),
        actions: actionsOf(booking, now, salon),
      }));
    });
  }

  /** All states, by start, the latest first; reads one row more than the page shows. */
  async history(actor: PortalActor, customerId: string, query: PageQuery): Promise<BookingView[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em, now) => {
      const { salon, names } = await this.read(em, actor, customerId);
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
      return bookings.map((booking) => shown(booking, names, salon.timeZone, now));
    });
  }

  private async read(em: EntityManager, actor: PortalActor, customerId: string): Promise<Standing> {
    const from = actor.kind === 'customer' ? actor.historyFrom : null;
    const [row] = await run<Standing>(em, OWN_STANDING, [customerId, from]);
    if (!row) throw new Error('a count without a row');
    return row;
  }
}

function shown(
  booking: Booking,
  names: Readonly<Record<string, string>>,
  timeZone: string,
  now: Date,
): BookingView {
  return viewOf(booking, { staffName: names[booking.resourceId] ?? '', timeZone, now, history: [] });
}
