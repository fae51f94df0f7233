import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import type { StaffChange } from '../catalog.types.js';

export const RESOURCE_KINDS = ['staff'] as const;

const ResourceSchema = defineEntity({
  name: 'Resource',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    kind: p.enum(RESOURCE_KINDS).default('staff'),
    name: p.string().length(120),
    email: p.string().length(254).nullable(),
    phone: p.string().length(20).nullable(),
    active: p.boolean().default(true),
    createdAt: p.datetime(3).defaultRaw('now()'),
    version: p.integer().version(),
  },
  indexes: [{ name: 'resource_created', properties: ['createdAt', 'id'] }],
  checks: [
    { name: 'resource_phone_is_e164', expression: `phone is null or phone ~ '^[+][1-9][0-9]{6,14}$'` },
    { name: 'resource_email_is_lower_case', expression: 'email is null or email = lower(email)' },
  ],
});

/** Somebody (later: something) whose time a booking takes. */
export class Resource extends ResourceSchema.class {
  /** Takes over what is named. */
  change({ name, email, phone, active }: StaffChange): void {
    if (name !== undefined) this.name = name;
    if (email !== undefined) this.email = email;
    if (phone !== undefined) this.phone = phone;
    if (active !== undefined) this.active = active;
  }
}
ResourceSchema.setClass(Resource);
