import { defineEntity, p } from '@mikro-orm/core';

const SecurityCounterSchema = defineEntity({
  name: 'SecurityCounter',
  properties: {
    key: p.string().length(200).primary(),
    count: p.integer().default(0),
    windowEndsAt: p.datetime(),
    blockedUntil: p.datetime().nullable(),
  },
  checks: [{ name: 'security_counter_not_negative', expression: 'count >= 0' }],
});

/** Failures that must be counted whatever else happens: kept in PostgreSQL, committed on their own, real time. */
export class SecurityCounter extends SecurityCounterSchema.class {}
SecurityCounterSchema.setClass(SecurityCounter);
