import { chargeStep } from '../common/money.js';
import type { Business, RefundTier } from '../business/entities/business.entity.js';
import type { PaymentPolicy, Service } from '../catalog/entities/service.entity.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The rules in force when a booking was made; a later change of the settings never alters a deal. */
export interface PolicySnapshot {
  cancelNoticeHours: number;
  rescheduleNoticeHours: number;
  maxReschedules: number;
  refundTiers: RefundTier[];
  depositRefundable: boolean;
  /** Terms of the deposit, one of the two; deals made before they were kept have neither. */
  depositPercent?: number | null;
  depositMinor?: number | null;
}

export function snapshotOf(
  business: Readonly<Business>,
  service: Readonly<Pick<Service, 'depositPercent' | 'depositMinor'>>,
): PolicySnapshot {
  return {
    depositPercent: service.depositPercent ?? null,
    depositMinor: service.depositMinor ?? null,
    cancelNoticeHours: business.cancelNoticeHours,
    rescheduleNoticeHours: business.rescheduleNoticeHours,
    maxReschedules: business.maxReschedules,
    refundTiers: business.refundTiers,
    depositRefundable: business.depositRefundable,
  };
}

/** Last instant at which a customer may cancel: that instant itself is allowed. Absolute hours, whatever clocks do. */
export function cancellableUntil(referenceStart: Date, policy: PolicySnapshot): Date {
  return new Date(referenceStart.getTime() - policy.cancelNoticeHours * HOUR_MS);
}

/** Last instant at which a customer may move the appointment: that instant itself is allowed. */
export function movableUntil(startsAt: Date, policy: PolicySnapshot): Date {
  return new Date(startsAt.getTime() - policy.rescheduleNoticeHours * HOUR_MS);
}

/**
 * The start that later cancels and refunds are judged by. A move made inside the cancellation window keeps the old
 * one, so that "move it away, then cancel for free" is closed.
 */
export function referenceAfterMove(reference: Date, newStart: Date, policy: PolicySnapshot, now: Date): Date {
  return now > cancellableUntil(reference, policy) ? reference : newStart;
}

/** What must be paid before a booking is confirmed, in minor units; percents round half up to what can be charged. */
export function dueToConfirm(
  totalMinor: number,
  policy: {
    paymentPolicy: PaymentPolicy;
    depositPercent?: number | null | undefined;
    depositMinor?: number | null | undefined;
    currency: string;
  },
): number {
  if (policy.paymentPolicy === 'none') return 0;
  if (policy.paymentPolicy === 'full') return totalMinor;
  const whole = 100 * chargeStep(policy.currency);
  const share = (totalMinor * (policy.depositPercent ?? 0) + whole / 2) / whole;
  const deposit = policy.depositMinor ?? Math.floor(share) * chargeStep(policy.currency);
  return Math.min(deposit, totalMinor);
}

/** What is due once an unpaid booking has another price: by the terms of its deal, whatever the service asks by now. */
export function dueAtPrice(
  totalMinor: number,
  deal: {
    paymentPolicy: PaymentPolicy;
    dueToConfirmMinor: number;
    policySnapshot: PolicySnapshot;
    currency: string;
  },
): number {
  const { depositPercent = null, depositMinor = null } = deal.policySnapshot;
  const isUnknown = deal.paymentPolicy === 'deposit' && depositPercent === null && depositMinor === null;
  if (isUnknown) return Math.min(deal.dueToConfirmMinor, totalMinor);
  const { paymentPolicy, currency } = deal;
  return dueToConfirm(totalMinor, { paymentPolicy, depositPercent, depositMinor, currency });
}

/** How long an unpaid booking is kept. A customer's 10 min; staff's 24 h, or till 2 h before the start if sooner. */
export function holdUntil(now: Date, start: Date, asStaff: boolean, business: Readonly<Business>): Date {
  const short = new Date(now.getTime() + business.holdMinutes * MINUTE_MS);
  if (!asStaff) return short;
  const long = Math.min(now.getTime() + business.staffHoldHours * HOUR_MS, start.getTime() - 2 * HOUR_MS);
  return new Date(Math.max(long, short.getTime()));
}
