import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import type { Money } from '../../common/money.js';
import { Resource } from '../../catalog/entities/resource.entity.js';
import { PAYMENT_POLICIES, Service } from '../../catalog/entities/service.entity.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';
import {
  CancellationWindowClosed,
  InvalidTransition,
  OtherCurrency,
  RescheduleLimit,
  RescheduleWindowClosed,
  TooEarly,
  type SalonContact,
} from '../bookings.errors.js';
import {
  cancellableUntil,
  dueAtPrice,
  movableUntil,
  referenceAfterMove,
  type PolicySnapshot,
} from '../policy.js';
import type { BookingState } from './booking-state.types.js';

const NO_SHOW_GRACE_MS = 10 * 60_000;
const CORRECTION_MS = 7 * 24 * 3_600_000;

export const BOOKING_STATUSES = [
  'held',
  'confirmed',
  'completed',
  'no_show',
  'cancelled',
  'expired',
] as const;
export type BookingStatus = (typeof BOOKING_STATUSES)[number];
export const CANCELLERS = ['customer', 'staff', 'system', 'calendar'] as const;
export type Canceller = (typeof CANCELLERS)[number];
/** What only a payment provider knows of the money on its way. */
export const PAYMENT_SIGNALS = ['processing', 'failed', 'disputed'] as const;
export type PaymentSignal = (typeof PAYMENT_SIGNALS)[number];
/** Who entered it; `import`: it was made in another system. */
export const BOOKING_SOURCES = ['public', 'portal', 'staff', 'import'] as const;
export type BookingSource = (typeof BOOKING_SOURCES)[number];

const BookingSchema = defineEntity({
  name: 'Booking',
  ...ownRows('booking_own_rows', { customer: 'customer_id', booking: 'id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    reference: p.string().length(6).unique('booking_reference_unique'),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    serviceId: () => p.manyToOne(Service).mapToPk().joinColumn('service_id').deleteRule('restrict'),
    resourceId: () => p.manyToOne(Resource).mapToPk().joinColumn('resource_id').deleteRule('restrict'),
    serviceName: p.string().length(120),
    startsAt: p.datetime(),
    endsAt: p.datetime(),
    bufferBeforeMinutes: p.integer().default(0),
    bufferAfterMinutes: p.integer().default(0),
    status: p.enum(BOOKING_STATUSES),
    holdExpiresAt: p.datetime().nullable(),
    /** A hold is made longer once, for a hosted payment page. */
    holdLengthened: p.boolean().default(false),
    source: p.enum(BOOKING_SOURCES),
    notes: p.string().length(2000).nullable(),
    totalMinor: p.integer(),
    dueToConfirmMinor: p.integer(),
    paidMinor: p.integer().default(0),
    refundedMinor: p.integer().default(0),
    paymentWaived: p.boolean().default(false),
    paymentSignal: p.enum(PAYMENT_SIGNALS).nullable(),
    currency: p.string().length(3),
    paymentPolicy: p.enum(PAYMENT_POLICIES),
    policySnapshot: p.json<PolicySnapshot>(),
    referenceStart: p.datetime(),
    customerMoves: p.integer().default(0),
    cancelledBy: p.enum(CANCELLERS).nullable(),
    cancelReason: p.string().length(500).nullable(),
    cancelledLate: p.boolean().nullable(),
    /** What the cancellation gives back, as it was quoted then. */
    cancelRefundMinor: p.integer().nullable(),
    attendanceConfirmedAt: p.datetime().nullable(),
    calendarEventId: p.string().length(100).nullable(),
    createdAt: p.datetime(),
    revision: p.integer().default(1),
    version: p.integer().version(),
  },
  indexes: [
    { name: 'booking_customer', properties: ['customerId', 'startsAt'] },
    { name: 'booking_calendar', properties: ['startsAt', 'id'] },
    { name: 'booking_resource_calendar', properties: ['resourceId', 'startsAt'] },
    {
      name: 'booking_open_holds',
      expression: `create index booking_open_holds on booking (hold_expires_at) where status = 'held'`,
    },
    {
      name: 'booking_unfinished',
      expression: `create index booking_unfinished on booking (ends_at) where status = 'confirmed'`,
    },
  ],
  checks: [
    { name: 'booking_ends_after_start', expression: 'ends_at > starts_at' },
    { name: 'booking_at_most_a_day', expression: `ends_at <= starts_at + interval '12 hours'` },
    {
      name: 'booking_money_not_negative',
      expression:
        'total_minor >= 0 and due_to_confirm_minor between 0 and total_minor and paid_minor >= 0 and refunded_minor between 0 and paid_minor',
    },
    {
      name: 'booking_refund_within_what_is_paid',
      expression: 'cancel_refund_minor is null or cancel_refund_minor between 0 and paid_minor',
    },
    {
      name: 'booking_confirmed_is_paid',
      expression: `status not in ('confirmed', 'completed', 'no_show') or payment_waived or paid_minor >= due_to_confirm_minor`,
    },
    { name: 'booking_held_has_an_end', expression: `status <> 'held' or hold_expires_at is not null` },
    {
      name: 'booking_cancelled_says_by_whom',
      expression: `(status = 'cancelled') = (cancelled_by is not null)`,
    },
    { name: 'booking_reference_is_sayable', expression: `reference ~ '^[2-9A-HJ-NP-Z]{6}$'` },
    { name: 'booking_revision_counts_from_one', expression: 'revision >= 1 and customer_moves >= 0' },
  ],
});

/** One appointment, from the hold to the visit. Every transition is a method; anything else is `invalid-transition`. */
export class Booking extends BookingSchema.class {
  /** A hold past its end reads as expired, whether or not the sweeper came by. */
  statusAt(now: Date): BookingStatus {
    return this.status === 'held' && this.holdExpiresAt && this.holdExpiresAt <= now
      ? 'expired'
      : this.status;
  }

  /** Still due before it may be confirmed, in minor units. */
  get amountDueMinor(): number {
    if (this.paymentWaived) return 0;
    // What has gone back confirms nothing; once confirmed, a refund makes nothing due again.
    const isOpen = this.status === 'held' || this.status === 'expired';
    return Math.max(0, this.dueToConfirmMinor - (isOpen ? this.netPaidMinor : this.paidMinor));
  }

  /** What was paid and has not gone back, in minor units. */
  get netPaidMinor(): number {
    return this.paidMinor - this.refundedMinor;
  }

  /** What a transition may change, for its history row. */
  get state(): BookingState {
    return {
      status: this.status,
      startsAt: this.startsAt.toISOString(),
      endsAt: this.endsAt.toISOString(),
      resourceId: this.resourceId,
      totalMinor: this.totalMinor,
      dueToConfirmMinor: this.dueToConfirmMinor,
    };
  }

  confirm(): void {
    if (this.status !== 'held') throw new InvalidTransition(this.status, 'confirmed');
    this.status = 'confirmed';
    this.holdExpiresAt = null;
  }

  /** Its due was paid, in time or, with its time taken again, after the hold. */
  confirmPaid(): void {
    if (this.status !== 'held' && this.status !== 'expired')
      throw new InvalidTransition(this.status, 'confirmed');
    this.status = 'confirmed';
    this.holdExpiresAt = null;
  }

  /** Money was captured; what goes back later never lowers it. */
  receive(amountMinor: number): void {
    this.paidMinor += amountMinor;
  }

  /** Money goes back, or, negative, a refund came to nothing. */
  refund(amountMinor: number): void {
    this.refundedMinor += amountMinor;
  }

  /** Whether the hold now lasts until then; a second time, or for a shorter one, it stays as it is. */
  lengthenHold(until: Date): boolean {
    if (this.status !== 'held' || this.holdLengthened) return false;
    this.holdLengthened = true;
    if (this.holdExpiresAt && this.holdExpiresAt >= until) return false;
    this.holdExpiresAt = until;
    return true;
  }

  waivePayment(): void {
    if (this.status !== 'held') throw new InvalidTransition(this.status, 'confirmed');
    this.paymentWaived = true;
  }

  /**
   * Staff set another price, before or after it was confirmed. What was due first to confirm it is past then, and only
   * kept within the new price; while it is held, the terms of the deal decide anew.
   */
  reprice(price: Money, now: Date): void {
    const status = this.statusAt(now);
    if (status !== 'held' && status !== 'confirmed') throw new InvalidTransition(status, 'repriced');
    if (price.currency !== this.currency) throw new OtherCurrency(this.currency);
    this.dueToConfirmMinor =
      status === 'held' ? dueAtPrice(price.amount, this) : Math.min(this.dueToConfirmMinor, price.amount);
    this.totalMinor = price.amount;
  }

  /** The hold ran out; the caller made sure of that. */
  expire(): void {
    if (this.status !== 'held') throw new InvalidTransition(this.status, 'expired');
    this.status = 'expired';
  }

  /** A customer gives up a hold at any time, a confirmed appointment until the window closes. */
  cancelByCustomer(now: Date, reason: string | null, contact: SalonContact): void {
    this.allowCustomerCancel(now, contact);
    this.cancel(now, 'customer', reason);
  }

  /** Whether a customer may still cancel it. Source: `cancelNoticeHours` before the reference start, that instant included. */
  allowCustomerCancel(now: Date, contact: SalonContact): void {
    const status = this.statusAt(now);
    if (status !== 'held' && status !== 'confirmed') throw new InvalidTransition(status, 'cancelled');
    const closesAt = cancellableUntil(this.referenceStart, this.policySnapshot);
    if (status === 'confirmed' && now > closesAt)
      throw new CancellationWindowClosed(closesAt.toISOString(), contact);
  }

  /** Staff may always cancel what has not ended in another way. */
  cancel(now: Date, by: Canceller, reason: string | null): void {
    const status = this.statusAt(now);
    if (status !== 'held' && status !== 'confirmed') throw new InvalidTransition(status, 'cancelled');
    this.cancelledLate = now > cancellableUntil(this.referenceStart, this.policySnapshot);
    this.status = 'cancelled';
    this.cancelledBy = by;
    this.cancelReason = reason;
  }

  /** Keeps what the cancellation gives back, for whoever asks later. */
  quoteRefund(refundMinor: number): void {
    this.cancelRefundMinor = refundMinor;
  }

  /** Whether a customer may still move it, and how often. Source: at most `maxReschedules` moves, `rescheduleNoticeHours` before. */
  allowCustomerMove(now: Date, contact: SalonContact): void {
    this.allowMove(now);
    const closesAt = movableUntil(this.startsAt, this.policySnapshot);
    if (now > closesAt) throw new RescheduleWindowClosed(closesAt.toISOString(), contact);
    const limit = this.policySnapshot.maxReschedules;
    if (this.customerMoves >= limit) throw new RescheduleLimit(limit, contact);
  }

  allowMove(now: Date): void {
    const status = this.statusAt(now);
    if (status !== 'confirmed') throw new InvalidTransition(status, 'rescheduled');
  }

  /** Takes the new time; the price of the deal stays. */
  moveTo(place: { startsAt: Date; endsAt: Date; resourceId: string }, now: Date, byCustomer: boolean): void {
    this.referenceStart = byCustomer
      ? referenceAfterMove(this.referenceStart, place.startsAt, this.policySnapshot, now)
      : place.startsAt;
    this.startsAt = place.startsAt;
    this.endsAt = place.endsAt;
    this.resourceId = place.resourceId;
    this.revision += 1;
    if (byCustomer) this.customerMoves += 1;
  }

  complete(now: Date): void {
    if (this.status !== 'confirmed') throw new InvalidTransition(this.status, 'completed');
    if (now < this.startsAt) throw new TooEarly(this.status, 'completed', this.startsAt.toISOString());
    this.status = 'completed';
  }

  /** Ten minutes' grace before somebody counts as not come. */
  markNoShow(now: Date): void {
    const possibleAt = new Date(this.startsAt.getTime() + NO_SHOW_GRACE_MS);
    if (this.status !== 'confirmed') throw new InvalidTransition(this.status, 'no_show');
    if (now < possibleAt) throw new TooEarly(this.status, 'no_show', possibleAt.toISOString());
    this.status = 'no_show';
  }

  /** Turns a wrong completed into no-show or back, within seven days of the end. */
  correct(to: 'completed' | 'no_show', now: Date): void {
    const from = to === 'completed' ? 'no_show' : 'completed';
    const tooLate = now.getTime() > this.endsAt.getTime() + CORRECTION_MS;
    if (this.status !== from || tooLate) throw new InvalidTransition(this.status, to);
    this.status = to;
  }
}
BookingSchema.setClass(Booking);
