import type { PaymentTruth } from '../payment.gateway.js';

/** What a payment was asked as. */
export interface Expected {
  id: string;
  bookingId: string;
  amountMinor: number;
  currency: string;
  isLive: boolean;
}

export const MISMATCHES = ['livemode', 'booking', 'payment', 'currency', 'amount'] as const;
export type Mismatch = (typeof MISMATCHES)[number];

/** The first thing about money that came which is not as it was asked for; null when all of it fits. */
export function mismatchOf(expected: Expected, truth: PaymentTruth): Mismatch | null {
  if (truth.isLive !== expected.isLive) return 'livemode';
  if (truth.bookingId !== expected.bookingId) return 'booking';
  if (truth.paymentId !== expected.id) return 'payment';
  if (truth.currency !== expected.currency) return 'currency';
  return truth.amountMinor === expected.amountMinor ? null : 'amount';
}
