import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';

const ProviderEventSchema = defineEntity({
  name: 'ProviderEvent',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    provider: p.string().length(20),
    eventId: p.string().length(200),
    type: p.string().length(80),
    receivedAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ name: 'provider_event_age', properties: ['receivedAt'] }],
  uniques: [{ name: 'provider_event_once', properties: ['provider', 'eventId'] }],
});

/** The inbox: a provider's delivery is acted upon once, however often it arrives. */
export class ProviderEvent extends ProviderEventSchema.class {}
ProviderEventSchema.setClass(ProviderEvent);
