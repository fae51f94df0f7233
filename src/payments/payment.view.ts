import type { Payment, PaymentPurpose } from './entities/payment.entity.js';
import type { Receipt } from './entities/receipt.entity.js';
import type { Refund } from './entities/refund.entity.js';

/** A payment with what belongs to it. */
export interface PaymentView {
  id: string;
  payment: Readonly<Payment>;
  receiptNumber: number | null;
  /** In the order in which they were promised. */
  refunds: readonly Readonly<Refund>[];
}

/** A receipt with what went back since. */
export interface ReceiptView {
  receipt: Receipt;
  purpose: PaymentPurpose;
  refunds: readonly Refund[];
  /** Of the salon: in which a receipt tells its times. */
  timeZone: string;
}

/** For a salon that has set no tax: there is no rate to name. */
export const TAX_NOTE = 'Prices include any tax.';

/** `19000` as people write it: `19%`. */
export const percentText = (milliPercent: number): string => `${milliPercent / 1000}%`;

/** What a payment of each purpose was for, as a line of a receipt. */
export function lineOf({ receipt, purpose }: ReceiptView): string {
  const { service } = receipt.facts;
  if (purpose === 'full') return service;
  return purpose === 'deposit' ? `${service}: deposit` : `${service}: balance`;
}

/** Refunds that went back or are on their way; one that failed gave nothing back. */
export function standingRefunds(refunds: readonly Refund[]): Refund[] {
  return refunds.filter(({ state }) => state !== 'failed' && state !== 'canceled');
}

/** What of the receipt's money went back or is on its way, in minor units. */
export function refundedMinor(refunds: readonly Refund[]): number {
  return standingRefunds(refunds).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
