import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Session } from './session.entity.js';

/** `sign-in` opens a session, `step-up` refreshes the proof in one, `contact` proves a new contact. */
export const CODE_PURPOSES = ['sign-in', 'step-up', 'contact'] as const;
export type CodePurpose = (typeof CODE_PURPOSES)[number];

export const CODE_CHANNELS = ['sms', 'email'] as const;
export type CodeChannel = (typeof CODE_CHANNELS)[number];

const OneTimeCodeSchema = defineEntity({
  name: 'OneTimeCode',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    purpose: p.enum(CODE_PURPOSES),
    channel: p.enum(CODE_CHANNELS),
    contact: p.string().length(254),
    contactHash: p.string().length(43),
    networkHash: p.string().length(43),
    sessionId: () => p.manyToOne(Session).mapToPk().joinColumn('session_id').nullable().deleteRule('cascade'),
    /** Beyond the limits nothing is sent: the challenge answers to the code that was sent last. */
    sameAsId: p.uuid().nullable(),
    /** The contact that a new one takes the place of, which is told of it. */
    replaces: p.string().length(254).nullable(),
    isSent: p.boolean(),
    tries: p.integer().default(0),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
  indexes: [
    { name: 'one_time_code_contact', properties: ['contactHash', 'createdAt'] },
    { name: 'one_time_code_network', properties: ['networkHash', 'createdAt'] },
    { name: 'one_time_code_session', properties: ['sessionId'] },
    { name: 'one_time_code_age', properties: ['createdAt'] },
  ],
  checks: [
    { name: 'one_time_code_at_most_five_tries', expression: 'tries between 0 and 5' },
    {
      name: 'one_time_code_lives_five_minutes',
      expression: `expires_at > created_at and expires_at <= created_at + interval '5 minutes'`,
    },
    {
      name: 'one_time_code_of_a_session_unless_it_opens_one',
      expression: `(purpose = 'sign-in') = (session_id is null)`,
    },
    { name: 'one_time_code_sent_or_same', expression: 'not (is_sent and same_as_id is not null)' },
    { name: 'one_time_code_contact_is_hashed', expression: `contact_hash ~ '^[A-Za-z0-9_-]{43}$'` },
  ],
});

/**
 * A challenge: somebody says that they hold a contact. The six digits are derived from its id and never stored; the contact
 * stands here until a day later, since the code has still to be sent. Times are real time.
 */
export class OneTimeCode extends OneTimeCodeSchema.class {}
OneTimeCodeSchema.setClass(OneTimeCode);
