import { defineEntity, p } from '@mikro-orm/core';
import { OneTimeCode } from '../../auth/entities/one-time-code.entity.js';
import { Booking } from '../../bookings/entities/booking.entity.js';
import { newId } from '../../common/ids.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';
import { Payment } from '../../payments/entities/payment.entity.js';
import { Refund } from '../../payments/entities/refund.entity.js';
import { MESSAGE_CLASSES } from '../rules/plan.types.js';
import {
  advances,
  isFinalState,
  isTakenState,
  MESSAGE_STATES,
  type MessageState,
} from '../rules/status-rank.js';
import { MESSAGE_CHANNELS, MESSAGE_FAMILIES } from '../text/families.js';

/** What a row may say: the life of an outgoing message, or `received` for a customer's own text. */
export const STORED_STATES = [...MESSAGE_STATES, 'received'] as const;
export type StoredState = (typeof STORED_STATES)[number];
/** `inbound` is what a customer wrote to us. */
export const STORED_FAMILIES = [...MESSAGE_FAMILIES, 'inbound'] as const;

const ENDS = `'delivered', 'undelivered', 'failed', 'superseded', 'expired', 'cancelled', 'received'`;
const TAKEN = `'queued', 'accepted', 'sending', 'sent', 'delivered', 'undelivered'`;

const MessageSchema = defineEntity({
  name: 'Message',
  ...ownRows('message_own_rows', { customer: 'customer_id', booking: 'booking_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    customerId: () =>
      p.manyToOne(Customer).mapToPk().joinColumn('customer_id').nullable().deleteRule('restrict'),
    bookingId: () =>
      p.manyToOne(Booking).mapToPk().joinColumn('booking_id').nullable().deleteRule('restrict'),
    /** The money it speaks of, where that is not all that was paid for the booking. */
    paymentId: () =>
      p.manyToOne(Payment).mapToPk().joinColumn('payment_id').nullable().deleteRule('restrict'),
    refundId: () => p.manyToOne(Refund).mapToPk().joinColumn('refund_id').nullable().deleteRule('restrict'),
    /** The challenge whose code it brings, while that is remembered. */
    codeId: () => p.manyToOne(OneTimeCode).mapToPk().joinColumn('code_id').nullable().deleteRule('set null'),
    direction: p.enum(['out', 'in'] as const).default('out'),
    channel: p.enum(MESSAGE_CHANNELS),
    family: p.enum(STORED_FAMILIES),
    class: p.enum(MESSAGE_CLASSES),
    toAddress: p.string().length(254),
    toHash: p.string().length(64),
    dedupeKey: p.string().length(200).unique('message_dedupe_key_unique'),
    revision: p.integer().default(1),
    state: p.enum(STORED_STATES).default('planned'),
    dueAt: p.datetime(),
    expiresAt: p.datetime(),
    afterId: p.uuid().nullable(),
    /** The text message that this e-mail stands in for. */
    insteadOfId: p.uuid().nullable(),
    providerId: p.string().length(200).nullable().unique('message_provider_id_unique'),
    subject: p.string().length(300).nullable(),
    body: p.text().nullable(),
    bodyHash: p.string().length(64).nullable(),
    segments: p.integer().nullable(),
    errorCode: p.integer().nullable(),
    reason: p.string().length(500).nullable(),
    flaggedAt: p.datetime().nullable(),
    automatic: p.boolean().default(true),
    requestedBy: p.uuid().nullable(),
    requestId: p.string().length(100).nullable(),
    createdAt: p.datetime(),
    acceptedAt: p.datetime().nullable(),
    finalAt: p.datetime().nullable(),
  },
  indexes: [
    { name: 'message_code', properties: ['codeId'] },
    { name: 'message_list', properties: ['createdAt', 'id'] },
    { name: 'message_booking', properties: ['bookingId', 'createdAt'] },
    { name: 'message_customer', properties: ['customerId', 'createdAt'] },
    { name: 'message_recipient', properties: ['toHash', 'createdAt'] },
    {
      name: 'message_open',
      expression: `create index message_open on message (created_at) where final_at is null`,
    },
    {
      name: 'message_legible',
      expression: `create index message_legible on message (created_at) where to_address <> 'erased'`,
    },
    {
      name: 'message_flagged',
      expression: `create index message_flagged on message (flagged_at) where flagged_at is not null`,
    },
  ],
  checks: [
    { name: 'message_end_has_its_time', expression: `(state in (${ENDS})) = (final_at is not null)` },
    { name: 'message_taken_has_its_time', expression: `state not in (${TAKEN}) or accepted_at is not null` },
    {
      name: 'message_direction_fits_state',
      expression: `(direction = 'in') = (state = 'received') and (direction = 'in') = (family = 'inbound')`,
    },
    {
      name: 'message_submitting_is_rendered',
      expression: `state not in ('submitting', 'unknown') or body_hash is not null`,
    },
    { name: 'message_follows_another', expression: 'after_id <> id and instead_of_id <> id' },
    { name: 'message_segments_not_negative', expression: 'segments >= 0 and revision >= 1' },
    {
      name: 'message_about_money_names_all',
      expression:
        '(payment_id is null or booking_id is not null) and (refund_id is null or payment_id is not null)',
    },
    { name: 'message_flag_has_a_reason', expression: 'flagged_at is null or reason is not null' },
  ],
});

/** What is known beside the new state; what is left out is cleared. */
export interface StateNews {
  readonly reason?: string | null;
  readonly errorCode?: number | null;
}

/**
 * One message to or from one person. `to_address` is the other party's contact; bodies show `[link]` where a link was. Times
 * are app time. Rows about staff and tests have no customer.
 */
export class Message extends MessageSchema.class {
  /** Takes news of a state where it leads on, and ignores it where it is old or doubled; true when something changed. */
  moveTo(to: MessageState, now: Date, { reason = null, errorCode = null }: StateNews = {}): boolean {
    if (this.state === 'received' || !advances(this.state, to)) return false;
    this.state = to;
    if (isTakenState(to)) this.acceptedAt ??= now;
    this.finalAt = isFinalState(to) ? now : null;
    this.reason = reason ?? (this.flaggedAt ? (this.reason ?? null) : null);
    this.errorCode = errorCode;
    return true;
  }

  /** Certainly nothing was sent: the next attempt may begin. */
  planAgain(reason: string): void {
    this.state = 'planned';
    this.reason = reason;
  }

  /** Puts it before people's eyes, with the reason in plain words. */
  flag(now: Date, reason: string): void {
    this.flaggedAt ??= now;
    this.reason = reason;
  }
}
MessageSchema.setClass(Message);
