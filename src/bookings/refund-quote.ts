import { chargeStep, percentOf } from '../common/money.js';
import type { PolicySnapshot } from './policy.js';
import type { BookingStatus } from './entities/booking.entity.js';
import type { RefundQuote, RefundRule } from './refund-quote.types.js';

const HOUR_MS = 3_600_000;

/** What a quote is made from: a booking's own money and the rules of its deal. */
export interface RefundBasis {
  status: BookingStatus;
  paidMinor: number;
  refundedMinor: number;
  dueToConfirmMinor: number;
  currency: string;
  paymentPolicy: 'full' | 'deposit' | 'none';
  policySnapshot: PolicySnapshot;
  referenceStart: Date;
}

/**
 * What a cancellation gives back. The salon's own cancellations give back everything; a customer's follow the tiers of the deal
 * by the hours left before the reference start, the exact hour included. A deposit that is not refundable is kept whenever the
 * customer cancels. Never more than what is still here.
 */
export function refundQuote(booking: RefundBasis, by: 'customer' | 'salon', now: Date): RefundQuote {
  const here = booking.paidMinor - booking.refundedMinor;
  if (here <= 0) return quote(0, 0, 'nothing-paid', 'Nothing was paid, so nothing goes back.');
  if (by === 'salon') return quote(here, here, 'salon', 'The salon cancelled: everything goes back.');
  if (booking.status === 'held' || booking.status === 'expired')
    return quote(here, here, 'never-confirmed', 'It was not confirmed yet: everything goes back.');
  const { policySnapshot: policy } = booking;
  const isDepositKept = booking.paymentPolicy === 'deposit' && !policy.depositRefundable;
  const deposit = isDepositKept ? Math.min(here, booking.dueToConfirmMinor) : 0;
  const hoursLeft = (booking.referenceStart.getTime() - now.getTime()) / HOUR_MS;
  const percent = percentAt(hoursLeft, policy);
  const refund = refundable(here - deposit, percent, booking.currency);
  const tier = `Cancelled ${told(hoursLeft)}: ${percent} % goes back`;
  return isDepositKept
    ? quote(here, refund, 'deposit-kept', `${tier}; the deposit is kept.`)
    : quote(here, refund, 'tier', `${tier}.`);
}

/** A share of what is here, in what can be given back: half up, but never more than all of it. */
function refundable(amount: number, percent: number, currency: string): number {
  const step = chargeStep(currency);
  const share = percentOf({ amount, currency }, percent).amount;
  return Math.min(amount, Math.floor(share / step + 0.5) * step);
}

/** The first tier that is reached, from the earliest on; after the start none is. */
function percentAt(hoursLeft: number, { refundTiers }: PolicySnapshot): number {
  const reached = refundTiers
    .toSorted((a, b) => b.hoursBefore - a.hoursBefore)
    .find((tier) => hoursLeft >= tier.hoursBefore);
  return reached?.percent ?? 0;
}

function told(hoursLeft: number): string {
  if (hoursLeft < 0) return 'after the appointment had begun';
  if (hoursLeft < 1) return 'less than an hour before the appointment';
  const hours = Math.floor(hoursLeft);
  return `${hours} hour${hours === 1 ? '' : 's'} before the appointment`;
}

function quote(here: number, refundMinor: number, rule: RefundRule, explanation: string): RefundQuote {
  return { refundMinor, keptMinor: here - refundMinor, rule, explanation };
}
