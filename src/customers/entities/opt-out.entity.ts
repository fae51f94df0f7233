import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';

const OptOutSchema = defineEntity({
  name: 'OptOut',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    channel: p.enum(['sms', 'email'] as const),
    contactHash: p.string().length(64),
    source: p.string().length(40),
    optedOutAt: p.datetime(),
    liftedAt: p.datetime().nullable(),
  },
  uniques: [{ name: 'opt_out_contact_unique', properties: ['channel', 'contactHash'] }],
  checks: [{ name: 'opt_out_contact_is_hashed', expression: `contact_hash ~ '^[A-Za-z0-9_-]{43}$'` }],
});

/** A contact that said STOP, kept as a keyed hash so that it survives the person's erasure. */
export class OptOut extends OptOutSchema.class {}
OptOutSchema.setClass(OptOut);
