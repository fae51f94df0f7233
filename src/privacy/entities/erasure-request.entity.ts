import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { ownRows } from '../../database/policies.js';

/** `asked` waits for its time; the others are ends. */
export const ERASURE_STATES = ['asked', 'withdrawn', 'blocked', 'done'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

/** What was cut, by section and table, and what is kept on which ground. */
export interface ErasureCertificate {
  readonly cut: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly kept: readonly { readonly what: string; readonly why: string; readonly until: string }[];
}

const ErasureRequestSchema = defineEntity({
  name: 'ErasureRequest',
  ...ownRows('erasure_request_own_rows', { customer: 'customer_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    customerId: p.uuid(),
    /** Of the account that asked for the customer; null where they asked themselves. */
    askedBy: p.uuid().nullable(),
    state: p.enum(ERASURE_STATES).default('asked'),
    askedAt: p.datetime(3),
    dueAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    blockers: p.json<readonly string[]>().default('[]'),
    certificate: p.json<ErasureCertificate | null>().nullable(),
  },
  indexes: [
    { name: 'erasure_request_list', properties: ['askedAt', 'id'] },
    { name: 'erasure_request_customer', properties: ['customerId', 'askedAt'] },
    {
      name: 'erasure_request_one_open',
      expression: `create unique index erasure_request_one_open on erasure_request (customer_id) where state = 'asked'`,
    },
  ],
  checks: [
    { name: 'erasure_request_cools_off', expression: 'due_at > asked_at' },
    { name: 'erasure_request_end_has_its_time', expression: `(state = 'asked') = (ended_at is null)` },
    {
      name: 'erasure_request_done_has_a_certificate',
      expression: `(state = 'done') = (certificate is not null)`,
    },
  ],
});

/** Somebody asked to be forgotten. Times are app time. */
export class ErasureRequest extends ErasureRequestSchema.class {}
ErasureRequestSchema.setClass(ErasureRequest);
