import { Injectable } from '@nestjs/common';
import type { CustomerActor, GuestActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { Database } from '../database/database.service.js';
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

  private async movable(actor: CustomerActor | GuestActor, id: string): Promise<Booking> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await em.findOne(Booking, { $and: [{ id }, visibleTo(actor)] });
      if (!booking) throw new NotFound();
      booking.allowCustomerMove(now, await this.changes.contact(em));
      return booking;
    });
  }
}
