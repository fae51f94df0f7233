import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { CustomerActor, GuestActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { Database } from '../database/database.service.js';
import { ServiceStaffMismatch } from '../scheduling/scheduling.errors.js';
import { SlotSearch, type SlotAnswer } from '../scheduling/slot-search.service.js';
import { BookingChanges } from './booking-changes.service.js';
import { visibleTo } from './booking.scope.js';
import { Booking } from './entities/booking.entity.js';

/** Which days; dates are local to `timeZone`, both included. Nobody named means whoever has the booking now. */
export interface MoveQuestion {
  from: string;
  to: string;
  staffId: string | null;
  timeZone: string | null;
}

/** Where a booking could go, at the price of its deal. */
export interface MovePlaces extends SlotAnswer {
  totalMinor: number;
  currency: string;
}

const MOST_ALTERNATIVES = 3;

/** Tells customers where their booking could go: what is offered here, the move accepts while nobody is faster. */
@Injectable()
export class BookingSlots {
  constructor(
    private readonly database: Database,
    private readonly changes: BookingChanges,
    private readonly search: SlotSearch,
  ) {}

  /** A booking that may not be moved any more is refused here already, as the move would refuse it. */
  async forOwnMove(
    actor: CustomerActor | GuestActor,
    id: string,
    question: MoveQuestion,
  ): Promise<MovePlaces> {
    const booking = await this.movable(actor, id);
    const answer = await this.search.find({
      ...question,
      serviceId: booking.serviceId,
      staffId: question.staffId ?? booking.resourceId,
      orAnybody: question.staffId === null,
      asStaff: false,
      excludeBookingId: booking.id,
    });
    return { ...answer, totalMinor: booking.totalMinor, currency: booking.currency };
  }

  /**
   * Up to three times instead of one that is not to be had any more, nearest first: of its own person, filled up with
   * anybody's. None when the service is not offered any more. Joins the caller's transaction.
   */
  async alternativesFor(em: EntityManager, id: string, now: Date): Promise<Date[]> {
    const { serviceId, resourceId, startsAt } = await em.findOneOrFail(Booking, { id });
    const wanted = startsAt > now ? startsAt : now;
    try {
      const own = await this.nearest(serviceId, resourceId, wanted);
      const anybodys = own.length < MOST_ALTERNATIVES ? await this.nearest(serviceId, null, wanted) : [];
      return [...new Set([...own, ...anybodys])].slice(0, MOST_ALTERNATIVES).map((start) => new Date(start));
    } catch (error) {
      if (error instanceof NotFound) return [];
      throw error;
    }
  }

  private async nearest(serviceId: string, staffId: string | null, wanted: Date): Promise<string[]> {
    try {
      const found = await this.search.alternativesTo(serviceId, staffId, wanted);
      return found.map(({ start }) => start);
    } catch (error) {
      // The person has left or does something else now: whoever is free will do.
      if (staffId !== null && error instanceof ServiceStaffMismatch) return [];
      throw error;
    }
  }

  private async movable(actor: CustomerActor | GuestActor, id: string): Promise<Booking> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await em.findOne(Booking, { $and: [{ id }, visibleTo(actor)] });
      if (!booking) throw new NotFound();
      booking.allowCustomerMove(now, await this.changes.contact(em));
      return booking;
    });
  }
}
