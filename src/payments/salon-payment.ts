import { HoldExpired } from '../bookings/bookings.errors.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import type { Money } from '../common/money.js';
import type { PaymentPurpose } from './entities/payment.entity.js';
import { AmountRefused, PaidInOtherCurrency, TakesNoMoney } from './payment-desk.errors.js';
import { NothingToPay } from './payments.errors.js';

/** The money of a booking, as far as the desk needs it. */
export type OwedBooking = Pick<
  Booking,
  'statusAt' | 'totalMinor' | 'netPaidMinor' | 'amountDueMinor' | 'currency' | 'paymentPolicy'
>;

/** What is open of a booking, in minor units: what is due to confirm a hold (0 when nothing is), and everything. */
interface Open {
  dueMinor: number;
  wholeMinor: number;
}

/**
 * How much the salon takes for a booking at once: what is due to confirm it, or everything that is open, and no other part.
 * Not told how much: the deposit of a hold that has one, else everything.
 * Throws when nothing can be taken, or not that.
 */
export function amountTaken(booking: OwedBooking, asked: Money | null, now: Date): number {
  const { dueMinor, wholeMinor } = openOf(booking, now);
  if (!asked) return booking.paymentPolicy === 'deposit' && dueMinor > 0 ? dueMinor : wholeMinor;
  if (asked.currency !== booking.currency) throw new PaidInOtherCurrency(booking.currency);
  const allowed = [...new Set([dueMinor, wholeMinor])].filter((amount) => amount > 0);
  if (!allowed.includes(asked.amount)) throw new AmountRefused(asked, wholeMinor, allowed);
  return asked.amount;
}

/**
 * What a payment of that amount is for. A purpose that counts already (its money went back, or the price rose since) makes it a
 * balance, of which there may be several.
 */
export function purposeOf(
  booking: OwedBooking,
  amountMinor: number,
  counted: readonly PaymentPurpose[],
  now: Date,
): PaymentPurpose {
  const purpose = naturalPurpose(booking, amountMinor, now);
  return counted.includes(purpose) ? 'balance' : purpose;
}

function naturalPurpose(booking: OwedBooking, amountMinor: number, now: Date): PaymentPurpose {
  if (amountMinor === booking.totalMinor) return 'full';
  const isDeposit = booking.paymentPolicy === 'deposit' && amountMinor === openOf(booking, now).dueMinor;
  return isDeposit ? 'deposit' : 'balance';
}

function openOf(booking: OwedBooking, now: Date): Open {
  const status = booking.statusAt(now);
  if (status === 'expired') throw new HoldExpired();
  if (status === 'cancelled') throw new TakesNoMoney(status);
  const wholeMinor = booking.totalMinor - booking.netPaidMinor;
  if (wholeMinor <= 0) throw new NothingToPay();
  return { dueMinor: status === 'held' ? booking.amountDueMinor : 0, wholeMinor };
}
