import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Booking } from '../../bookings/entities/booking.entity.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';
import { Payment } from './payment.entity.js';

/** Why money goes back: the cancellation's quote, money that came too late or is too much, a mismatch, or a person's decision. */
export const REFUND_CAUSES = ['cancellation', 'late', 'excess', 'mismatch', 'staff'] as const;
export type RefundCause = (typeof REFUND_CAUSES)[number];
/** `requested`: promised, the provider not asked yet; the others as the provider names them. */
export const REFUND_STATES = ['requested', 'pending', 'succeeded', 'failed', 'canceled'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

const RefundSchema = defineEntity({
  name: 'Refund',
  ...ownRows('refund_own_rows', { customer: 'customer_id', booking: 'booking_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    paymentId: () => p.manyToOne(Payment).mapToPk().joinColumn('payment_id').deleteRule('restrict'),
    bookingId: () => p.manyToOne(Booking).mapToPk().joinColumn('booking_id').deleteRule('restrict'),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    cause: p.enum(REFUND_CAUSES),
    /** Tells refunds of one cause apart where there may be several: staff may give back in parts. */
    causeKey: p.string().length(80).default(''),
    amountMinor: p.integer(),
    currency: p.string().length(3),
    state: p.enum(REFUND_STATES).default('requested'),
    providerId: p.string().length(255).unique('refund_provider_id_unique').nullable(),
    reason: p.string().length(500).nullable(),
    errorCode: p.string().length(80).nullable(),
    requestedAt: p.datetime(3),
    /** Real time of the first request to the provider. */
    askedAt: p.datetime().nullable(),
    settledAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
  indexes: [
    { name: 'refund_booking', properties: ['bookingId', 'requestedAt'] },
    { name: 'refund_payment', properties: ['paymentId'] },
    { name: 'refund_customer', properties: ['customerId'] },
    {
      name: 'refund_settled',
      expression: `create index refund_settled on refund (settled_at) where state = 'succeeded'`,
    },
    {
      name: 'refund_unsettled',
      expression: `create index refund_unsettled on refund (requested_at) where state in ('requested', 'pending')`,
    },
  ],
  uniques: [{ name: 'refund_once_per_cause', properties: ['paymentId', 'cause', 'causeKey'] }],
  checks: [
    { name: 'refund_amount_positive', expression: 'amount_minor > 0' },
    {
      name: 'refund_in_parts_is_by_staff',
      expression: `(cause = 'staff') = (cause_key <> '')`,
    },
    {
      name: 'refund_final_has_its_time',
      expression: `(state in ('succeeded', 'failed', 'canceled')) = (settled_at is not null)`,
    },
  ],
});

/** Money on its way back for one payment. Its amount never changes; at most one for each cause. */
export class Refund extends RefundSchema.class {}
RefundSchema.setClass(Refund);
