import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';
import { MESSAGE_CHANNELS } from '../text/families.js';
import { Message } from './message.entity.js';

/** `absent`: the provider's own list proved that it never took the message. `given-up`: nobody can say any more. */
export const ATTEMPT_OUTCOMES = ['accepted', 'failed', 'refused', 'absent', 'given-up'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

const MessageAttemptSchema = defineEntity({
  name: 'MessageAttempt',
  ...ownRows('message_attempt_own_rows', { customer: 'customer_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    messageId: () => p.manyToOne(Message).mapToPk().joinColumn('message_id').deleteRule('cascade'),
    customerId: () =>
      p.manyToOne(Customer).mapToPk().joinColumn('customer_id').nullable().deleteRule('restrict'),
    channel: p.enum(MESSAGE_CHANNELS),
    number: p.integer(),
    startedAt: p.datetime(),
    /** When the provider's list was first asked and did not have it. */
    missedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    outcome: p.enum(ATTEMPT_OUTCOMES).nullable(),
    providerId: p.string().length(200).nullable(),
    httpStatus: p.integer().nullable(),
    errorCode: p.integer().nullable(),
  },
  uniques: [{ name: 'message_attempt_number_unique', properties: ['messageId', 'number'] }],
  indexes: [
    {
      name: 'message_attempt_one_open',
      expression:
        'create unique index message_attempt_one_open on message_attempt (message_id) where finished_at is null',
    },
    { name: 'message_attempt_recent', properties: ['channel', 'startedAt'] },
  ],
  checks: [
    { name: 'message_attempt_end_has_outcome', expression: '(finished_at is null) = (outcome is null)' },
    { name: 'message_attempt_number_from_one', expression: 'number >= 1' },
    {
      name: 'message_attempt_accepted_has_id',
      expression: `outcome <> 'accepted' or provider_id is not null`,
    },
  ],
});

/** One call to the provider, begun before the call; while it has no end, nobody knows what became of it. Real time. */
export class MessageAttempt extends MessageAttemptSchema.class {}
MessageAttemptSchema.setClass(MessageAttempt);
