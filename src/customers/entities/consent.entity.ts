import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { ownRows } from '../../database/policies.js';
import { Customer } from './customer.entity.js';

export const CONSENT_PURPOSES = [
  'transactional_sms',
  'reminder_sms',
  'marketing_sms',
  'marketing_email',
  'calendar_invitation',
] as const;
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number];

const ConsentSchema = defineEntity({
  name: 'Consent',
  ...ownRows('consent_own_rows', { customer: 'customer_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    purpose: p.enum(CONSENT_PURPOSES),
    granted: p.boolean(),
    textVersion: p.string().length(40),
    source: p.string().length(40),
    actorKind: p.string().length(20),
    actorId: p.uuid().nullable(),
    at: p.datetime(),
  },
  indexes: [{ name: 'consent_latest', properties: ['customerId', 'purpose', 'at'] }],
});

/** One decision of a customer about one purpose; never updated, the newest row of a purpose counts. */
export class Consent extends ConsentSchema.class {}
ConsentSchema.setClass(Consent);
