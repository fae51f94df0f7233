import type { FilterQuery } from '@mikro-orm/core';
import { atLeast } from '../common/actor.js';
import { NOBODYS_ID } from '../common/ids.js';
import type { BookingActor } from '../bookings/booking-changes.service.js';
import type { Payment } from './entities/payment.entity.js';

/** The part of every *where* that says whose payments an actor may see; staff below reception have none to see. */
export function paymentsOf(actor: BookingActor): FilterQuery<Payment> {
  switch (actor.kind) {
    case 'customer':
      return {
        customerId: actor.customerId,
        ...(actor.historyFrom ? { createdAt: { $gte: actor.historyFrom } } : {}),
      };
    case 'guest':
      return { bookingId: actor.bookingId };
    case 'staff':
      return atLeast(actor.role, 'reception') ? {} : { id: NOBODYS_ID };
  }
}
