import { HoldExpired, InvalidTransition } from './bookings.errors.js';
import type { Booking } from './entities/booking.entity.js';

/**
 * What would be asked for next, in minor units: before the confirmation what it takes, afterwards the rest. Throws `HoldExpired`, or
 * `InvalidTransition` for a booking that is over.
 */
export function payableMinor(booking: Booking, now: Date): number {
  const status = booking.statusAt(now);
  if (status === 'expired') throw new HoldExpired();
  if (status === 'cancelled' || status === 'no_show') throw new InvalidTransition(status, 'paid');
  const left = status === 'held' ? booking.amountDueMinor : booking.totalMinor - booking.netPaidMinor;
  return Math.max(0, left);
}
