import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { Account } from './account.entity.js';
import { ManageLink } from './manage-link.entity.js';

export const SESSION_KINDS = ['staff', 'customer', 'guest'] as const;

const SessionSchema = defineEntity({
  name: 'Session',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    kind: p.enum(SESSION_KINDS),
    accountId: () => p.manyToOne(Account).mapToPk().joinColumn('account_id').nullable().deleteRule('cascade'),
    customerId: () =>
      p.manyToOne(Customer).mapToPk().joinColumn('customer_id').nullable().deleteRule('cascade'),
    bookingId: p.uuid().nullable(),
    manageLinkId: () =>
      p.manyToOne(ManageLink).mapToPk().joinColumn('manage_link_id').nullable().deleteRule('cascade'),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime(),
    lastSeenAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
    /** When a customer last proved a contact in it; null for others. */
    provenAt: p.datetime().nullable(),
    /** App time: visits that were over before it, and money and messages from before, stay hidden; null shows all. */
    historyFrom: p.datetime().nullable(),
  },
  indexes: [
    { name: 'session_account', properties: ['accountId'] },
    { name: 'session_customer', properties: ['customerId'] },
    { name: 'session_booking', properties: ['bookingId'] },
    { name: 'session_manage_link', properties: ['manageLinkId'] },
    { name: 'session_expiry', properties: ['expiresAt'] },
  ],
  checks: [
    {
      name: 'session_belongs_to_one',
      expression: `(kind = 'staff' and account_id is not null and num_nonnulls(customer_id, booking_id, manage_link_id) = 0) or (kind = 'customer' and customer_id is not null and num_nonnulls(account_id, booking_id, manage_link_id) = 0) or (kind = 'guest' and booking_id is not null and manage_link_id is not null and num_nonnulls(account_id, customer_id) = 0)`,
    },
  ],
});

/** A sign-in. Read on every request, so that revoking it or changing the role acts at once. Times are real time. */
export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);
