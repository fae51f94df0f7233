import type { Booking } from '../../bookings/entities/booking.entity.js';
import { payableMinor } from '../../bookings/payable.view.js';
import type { PaymentPurpose } from '../entities/payment.entity.js';
import { NothingToPay } from '../payments.errors.js';

/** What a payer is asked for next. */
export interface Asked {
  purpose: PaymentPurpose;
  amountMinor: number;
}

/** What is to be paid next. Throws `HoldExpired`, `InvalidTransition` for a booking that is over, `NothingToPay`. */
export function whatToPay(booking: Booking, now: Date): Asked {
  const amountMinor = payableMinor(booking, now);
  if (amountMinor === 0) throw new NothingToPay();
  return { purpose: purposeOf(booking, amountMinor), amountMinor };
}

function purposeOf({ paidMinor, totalMinor }: Booking, amountMinor: number): PaymentPurpose {
  if (paidMinor > 0) return 'balance';
  return amountMinor === totalMinor ? 'full' : 'deposit';
}
