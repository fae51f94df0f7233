import type { PaymentPolicy } from '../catalog/entities/service.entity.js';
import type { Claimable, StaffFit } from '../scheduling/wish.types.js';
import type { BookingDraft } from './booking.draft.js';
import type { BookingEventType } from './entities/booking-event.entity.js';
import type { Booking, BookingStatus, PaymentSignal } from './entities/booking.entity.js';

/** One line of a booking's history, for its owner. */
export interface HistoryLine {
  type: BookingEventType;
  at: Date;
  by: string;
  reason: string | null;
}

/** A booking as answers show it, with the names that stand beside it. */
export interface BookingView {
  id: string;
  reference: string;
  status: BookingStatus;
  version: number;
  revision: number;
  serviceId: string;
  serviceName: string;
  resourceId: string;
  staffName: string;
  customerId: string;
  startsAt: Date;
  endsAt: Date;
  totalMinor: number;
  currency: string;
  paymentPolicy: PaymentPolicy;
  paymentWaived: boolean;
  paymentSignal: PaymentSignal | null;
  paidMinor: number;
  refundedMinor: number;
  amountDueMinor: number;
  /** What the cancellation gives back, as quoted; null while it stands. */
  cancelRefundMinor: number | null;
  holdExpiresAt: Date | null;
  calendarEventId: string | null;
  notes: string | null;
  cancelReason: string | null;
  timeZone: string;
  history: HistoryLine[];
  /** Rules that staff went past. */
  warnings: readonly string[];
  /** A guest's key to this booking; shown once. */
  manageToken: string | null;
}

export const PAYMENT_STATUSES = [
  'unpaid',
  'processing',
  'deposit_paid',
  'paid',
  'partially_refunded',
  'refunded',
  'disputed',
  'failed',
  'waived',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Derived from the booking's own money columns, and what the provider said of money that is not here yet. */
export function paymentStatusOf(
  money: Pick<BookingView, 'totalMinor' | 'paidMinor' | 'refundedMinor' | 'paymentWaived' | 'paymentSignal'>,
): PaymentStatus {
  if (money.paymentSignal === 'disputed') return 'disputed';
  const here = money.paidMinor - money.refundedMinor;
  if (money.paidMinor > 0 && here === 0) return 'refunded';
  // Money beyond the price that went back leaves a booking paid.
  if (here >= money.totalMinor) return 'paid';
  if (money.refundedMinor > 0) return 'partially_refunded';
  if (money.paymentWaived) return 'waived';
  if (money.paidMinor > 0) return 'deposit_paid';
  return money.paymentSignal ?? 'unpaid';
}

/** What was just written, without reading it back. */
export function viewOfDraft(
  draft: BookingDraft,
  fit: StaffFit,
  { offered, salon }: Claimable,
  manageToken: string | null,
): BookingView {
  const staffName = offered.offers.find((offer) => offer.resourceId === fit.staffId)?.name ?? '';
  return {
    ...draft,
    version: 1,
    revision: 1,
    staffName,
    paidMinor: 0,
    refundedMinor: 0,
    paymentSignal: null,
    amountDueMinor: draft.paymentWaived ? 0 : draft.dueToConfirmMinor,
    calendarEventId: null,
    cancelReason: null,
    cancelRefundMinor: null,
    timeZone: salon.business.timeZone,
    history: [
      { type: draft.status, at: draft.createdAt, by: draft.actorKind, reason: draft.state.reason ?? null },
    ],
    warnings: fit.warnings,
    manageToken,
  };
}

type Beside = Pick<BookingView, 'staffName' | 'timeZone' | 'history'> & { now: Date };

/** A booking with the names that stand beside it, as it is at `now`. */
export function viewOf(
  booking: Readonly<Booking>,
  { staffName, timeZone, now, history }: Beside,
): BookingView {
  return {
    id: booking.id,
    reference: booking.reference,
    status: booking.statusAt(now),
    version: booking.version,
    revision: booking.revision,
    serviceId: booking.serviceId,
    serviceName: booking.serviceName,
    resourceId: booking.resourceId,
    staffName,
    customerId: booking.customerId,
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    totalMinor: booking.totalMinor,
    currency: booking.currency,
    paymentPolicy: booking.paymentPolicy,
    paymentWaived: booking.paymentWaived,
    paymentSignal: booking.paymentSignal ?? null,
    paidMinor: booking.paidMinor,
    refundedMinor: booking.refundedMinor,
    amountDueMinor: booking.amountDueMinor,
    cancelRefundMinor: booking.cancelRefundMinor ?? null,
    holdExpiresAt: booking.status === 'held' ? (booking.holdExpiresAt ?? null) : null,
    calendarEventId: booking.calendarEventId ?? null,
    notes: booking.notes ?? null,
    cancelReason: booking.cancelReason ?? null,
    timeZone,
    history,
    warnings: [],
    manageToken: null,
  };
}
