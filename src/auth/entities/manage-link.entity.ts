import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';

const ManageLinkSchema = defineEntity({
  name: 'ManageLink',
  ...ownRows('manage_link_own_rows', { customer: 'customer_id', booking: 'booking_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    bookingId: p.uuid(),
    tokenHash: p.string().length(64).unique('manage_link_token_unique'),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'manage_link_booking', properties: ['bookingId'] }],
});

/** A capability for one booking, sent in messages. Only the hash of its 256 random bits is kept. */
export class ManageLink extends ManageLinkSchema.class {}
ManageLinkSchema.setClass(ManageLink);
