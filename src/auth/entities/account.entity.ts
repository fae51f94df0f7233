import { defineEntity, p } from '@mikro-orm/core';
import { STAFF_ROLES } from '../../common/actor.js';
import { newId } from '../../common/ids.js';

const AccountSchema = defineEntity({
  name: 'Account',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    email: p.string().length(254).unique('account_email_unique'),
    name: p.string().length(120),
    passwordHash: p.string().length(200),
    role: p.enum(STAFF_ROLES),
    resourceId: p.uuid().nullable(),
    disabledAt: p.datetime().nullable(),
    closedAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    version: p.integer().version(),
  },
  checks: [
    { name: 'account_email_is_lower_case', expression: 'email = lower(email)' },
    {
      name: 'account_closed_is_disabled',
      expression: 'closed_at is null or disabled_at is not null',
    },
  ],
});

/**
 * A member of staff who signs in; `resourceId` is their own calendar, if they have one. A disabled account can be enabled
 * again, a closed one never; its row stays, since history names it. Times are real time.
 */
export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account);
