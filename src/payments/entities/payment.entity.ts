import { defineEntity, OptionalProps, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Booking } from '../../bookings/entities/booking.entity.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';

/** What a payment is for: all of it, what confirms the booking, or the rest. */
export const PAYMENT_PURPOSES = ['full', 'deposit', 'balance'] as const;
export type PaymentPurpose = (typeof PAYMENT_PURPOSES)[number];
export const PAYMENT_PROVIDERS = ['stripe', 'cash', 'terminal'] as const;
export type PaymentProvider = (typeof PAYMENT_PROVIDERS)[number];
/** Ways through Stripe: a form in the client's page, or Stripe's own page. */
export const PAYMENT_WAYS = ['intent', 'checkout'] as const;
export type PaymentWay = (typeof PAYMENT_WAYS)[number];
/**
 * `open`: nobody has paid yet; `processing`: the bank takes its time; `quarantined`: money came that does not fit, and a person
 * or a day decides; `canceled`: nobody can pay it any more, as far as we know.
 */
export const PAYMENT_STATES = ['open', 'processing', 'succeeded', 'quarantined', 'canceled'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** Of a charge the payer had the bank ask back: undecided, decided for the salon, or the money is gone. */
export const DISPUTE_STATES = ['open', 'won', 'lost'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

const PaymentSchema = defineEntity({
  name: 'Payment',
  ...ownRows('payment_own_rows', { customer: 'customer_id', booking: 'booking_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    bookingId: () => p.manyToOne(Booking).mapToPk().joinColumn('booking_id').deleteRule('restrict'),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    purpose: p.enum(PAYMENT_PURPOSES),
    provider: p.enum(PAYMENT_PROVIDERS),
    way: p.enum(PAYMENT_WAYS).nullable(),
    amountMinor: p.integer(),
    currency: p.string().length(3),
    state: p.enum(PAYMENT_STATES).default('open'),
    /** Received, but not counted for its purpose: another payment was faster, or there was nothing left to pay for. */
    surplus: p.boolean().default(false),
    /** The provider has said that nobody can pay it any more. */
    isClosed: p.boolean().default(false),
    refundedMinor: p.integer().default(0),
    intentId: p.string().length(255).unique('payment_intent_unique').nullable(),
    sessionId: p.string().length(255).unique('payment_session_unique').nullable(),
    chargeId: p.string().length(255).nullable(),
    /** What really came, where that is not what was asked for. */
    strangeMinor: p.integer().nullable(),
    strangeCurrency: p.string().length(3).nullable(),
    methodBrand: p.string().length(40).nullable(),
    methodLast4: p.string().length(4).nullable(),
    errorCode: p.string().length(80).nullable(),
    disputedAt: p.datetime().nullable(),
    disputeState: p.enum(DISPUTE_STATES).nullable(),
    createdAt: p.datetime(3),
    /** Real time: for how long Stripe still knows our idempotency keys counts from here. */
    askedAt: p.datetime(),
    settledAt: p.datetime().nullable(),
    /** Real time of the last look at the provider. */
    lookedAt: p.datetime().nullable(),
    /** Real time: when it was last held against the provider's word, and since when the two differ. */
    comparedAt: p.datetime().nullable(),
    driftedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
  indexes: [
    { name: 'payment_booking', properties: ['bookingId', 'createdAt'] },
    { name: 'payment_customer', properties: ['customerId', 'createdAt'] },
    { name: 'payment_list', properties: ['createdAt', 'id'] },
    {
      name: 'payment_settled',
      expression: `create index payment_settled on payment (settled_at) where state = 'succeeded'`,
    },
    {
      name: 'payment_lost',
      expression: `create index payment_lost on payment (disputed_at) where dispute_state = 'lost'`,
    },
    {
      name: 'payment_quarantined',
      expression: `create index payment_quarantined on payment (id) where state = 'quarantined'`,
    },
    {
      name: 'payment_unsettled',
      expression: `create index payment_unsettled on payment (asked_at) where state in ('open', 'processing') or (state = 'canceled' and not is_closed)`,
    },
    {
      name: 'payment_compared',
      expression: `create index payment_compared on payment (compared_at nulls first) where state = 'succeeded' and provider = 'stripe'`,
    },
    {
      name: 'payment_one_open_per_purpose',
      expression: `create unique index payment_one_open_per_purpose on payment (booking_id, purpose) where state in ('open', 'processing')`,
    },
    {
      name: 'payment_one_succeeded_per_purpose',
      expression: `create unique index payment_one_succeeded_per_purpose on payment (booking_id, purpose) where state = 'succeeded' and not surplus and purpose <> 'balance'`,
    },
  ],
  checks: [
    { name: 'payment_amount_positive', expression: 'amount_minor > 0' },
    {
      name: 'payment_refunds_within_amount',
      expression: 'refunded_minor between 0 and coalesce(strange_minor, amount_minor)',
    },
    {
      name: 'payment_settled_has_its_time',
      expression: `(state = 'succeeded') = (settled_at is not null)`,
    },
    {
      name: 'payment_refunds_only_what_came',
      expression: `refunded_minor = 0 or state in ('succeeded', 'quarantined')`,
    },
    {
      name: 'payment_at_the_salon_is_settled',
      expression: `(provider = 'stripe') = (way is not null) and (provider = 'stripe' or state = 'succeeded')`,
    },
    {
      name: 'payment_strange_money_is_told_whole',
      expression: '(strange_minor is null) = (strange_currency is null)',
    },
    {
      name: 'payment_dispute_has_its_time',
      expression: '(dispute_state is null) = (disputed_at is null)',
    },
    { name: 'payment_surplus_came', expression: `not surplus or state = 'succeeded'` },
  ],
});

/** Money asked for or received for one booking. What was asked never changes; the state only moves forward. */
export class Payment extends PaymentSchema.class {
  [OptionalProps]?: 'isUnsettled' | 'cameMinor' | 'hereMinor';

  /** Whether somebody may still pay it. */
  get isUnsettled(): boolean {
    return this.state === 'open' || this.state === 'processing';
  }

  /** What came, in minor units: what was asked for, unless a person accepted something else. */
  get cameMinor(): number {
    return this.strangeMinor ?? this.amountMinor;
  }

  /** What of it is still here, in minor units. */
  get hereMinor(): number {
    return this.state === 'succeeded' || this.state === 'quarantined'
      ? this.cameMinor - this.refundedMinor
      : 0;
  }
}
PaymentSchema.setClass(Payment);
