import { defineEntity, p } from '@mikro-orm/core';

const IdempotencyKeySchema = defineEntity({
  name: 'IdempotencyKey',
  properties: {
    scope: p.string().length(100).primary(),
    key: p.string().length(255).primary(),
    requestHash: p.string().length(64),
    status: p.integer(),
    body: p.text(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ name: 'idempotency_key_age', properties: ['createdAt'] }],
});

/** The first answer to a keyed request, given again to every repetition for 48 hours (real time). */
export class IdempotencyKey extends IdempotencyKeySchema.class {}
IdempotencyKeySchema.setClass(IdempotencyKey);
