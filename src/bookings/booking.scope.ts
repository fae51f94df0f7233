import type { FilterQuery } from '@mikro-orm/core';
import {
  atLeast,
  type CustomerActor,
  type GuestActor,
  type StaffActor,
  type SystemActor,
} from '../common/actor.js';
import { NOBODYS_ID } from '../common/ids.js';
import type { Booking } from './entities/booking.entity.js';

/** The part of every *where* that says whose bookings an actor may touch; staff below reception their own calendar. */
export function visibleTo(
  actor: CustomerActor | GuestActor | StaffActor | SystemActor,
): FilterQuery<Booking> {
  switch (actor.kind) {
    case 'customer':
      return { customerId: actor.customerId, ...since(actor.historyFrom) };
    case 'guest':
      return { id: actor.bookingId };
    case 'staff':
      return atLeast(actor.role, 'reception') ? {} : { resourceId: actor.resourceId ?? NOBODYS_ID };
    case 'system':
      return {};
  }
}

/** Visits that were over before the customer's number was surely theirs stay hidden; what is to come never is. */
const since = (historyFrom: Date | null) => (historyFrom ? { endsAt: { $gte: historyFrom } } : {});

/** Whose calendar an actor may put a booking into: staff below reception only their own. */
export function mayFill(
  actor: CustomerActor | GuestActor | StaffActor | SystemActor,
  resourceId: string | null,
): boolean {
  return actor.kind !== 'staff' || atLeast(actor.role, 'reception') || actor.resourceId === resourceId;
}
