import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';

/** What a person must look at: money that does not fit, a refund that failed or is to be given by hand, a dispute. */
export const PAYMENT_TASK_KINDS = [
  'mismatch',
  'refund-failed',
  'refund-by-hand',
  'dispute',
  'drift',
] as const;
export type PaymentTaskKind = (typeof PAYMENT_TASK_KINDS)[number];
export const PAYMENT_TASK_STATES = ['open', 'done'] as const;
export type PaymentTaskState = (typeof PAYMENT_TASK_STATES)[number];

const PaymentTaskSchema = defineEntity({
  name: 'PaymentTask',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    kind: p.enum(PAYMENT_TASK_KINDS),
    state: p.enum(PAYMENT_TASK_STATES).default('open'),
    bookingId: p.uuid().nullable(),
    paymentId: p.uuid().nullable(),
    refundId: p.uuid().nullable(),
    /** One task for one thing, however often it is found. */
    subject: p.string().length(200).unique('payment_task_once_per_subject'),
    /** In plain words, with amounts and codes, without personal data. */
    detail: p.string().length(500),
    openedAt: p.datetime(3),
    /** App time at which it decides itself, if nobody did. */
    decidesAt: p.datetime().nullable(),
    doneAt: p.datetime().nullable(),
    doneBy: p.uuid().nullable(),
    outcome: p.string().length(40).nullable(),
    version: p.integer().version(),
  },
  indexes: [
    { name: 'payment_task_list', properties: ['openedAt', 'id'] },
    {
      name: 'payment_task_deciding',
      expression: `create index payment_task_deciding on payment_task (decides_at) where state = 'open' and decides_at is not null`,
    },
  ],
  checks: [
    { name: 'payment_task_done_has_its_time', expression: `(state = 'done') = (done_at is not null)` },
  ],
});

/** Something about money that waits for a person. */
export class PaymentTask extends PaymentTaskSchema.class {}
PaymentTaskSchema.setClass(PaymentTask);
