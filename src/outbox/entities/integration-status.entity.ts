import { defineEntity, p } from '@mikro-orm/core';

const IntegrationStatusSchema = defineEntity({
  name: 'IntegrationStatus',
  properties: {
    name: p.string().length(40).primary(),
    lastSuccessAt: p.datetime().nullable(),
    lastErrorAt: p.datetime().nullable(),
    lastError: p.string().length(300).nullable(),
    failureStreak: p.integer().default(0),
    breaker: p.enum(['closed', 'open', 'half-open'] as const).default('closed'),
  },
});

/** What the workers last saw of a provider or of themselves; times are real time. */
export class IntegrationStatus extends IntegrationStatusSchema.class {}
IntegrationStatusSchema.setClass(IntegrationStatus);
