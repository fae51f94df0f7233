import { defineEntity, p } from '@mikro-orm/core';
import { Resource } from '../../catalog/entities/resource.entity.js';
import { BusySource } from './busy-source.entity.js';

const minuteOf = (column: string, rounding: 'floor' | 'ceil') =>
  `((${rounding}(extract(epoch from ${column} at time zone 'UTC') / 60))::int) stored`;

const ExternalBusySchema = defineEntity({
  name: 'ExternalBusy',
  properties: {
    sourceId: () => p.manyToOne(BusySource).mapToPk().joinColumn('source_id').primary().deleteRule('cascade'),
    /** The source's own id of it; what it is called is nowhere kept. */
    eventId: p.string().length(1024).primary(),
    resourceId: () =>
      p.manyToOne(Resource).mapToPk().joinColumn('resource_id').nullable().deleteRule('restrict'),
    etag: p.string().length(100),
    startsAt: p.datetime(),
    endsAt: p.datetime(),
    startMinute: p.integer().generated(minuteOf('starts_at', 'floor')).nullable(),
    endMinute: p.integer().generated(minuteOf('ends_at', 'ceil')).nullable(),
    /** Of the last whole reading that saw it: what an older one saw alone is gone. */
    generation: p.integer().default(0),
  },
  indexes: [{ name: 'external_busy_search', properties: ['resourceId', 'endMinute', 'startMinute'] }],
  checks: [{ name: 'external_busy_ends_after_start', expression: 'ends_at > starts_at' }],
});

/** Time that somebody has given to something else than bookings here. It may lie over bookings that stand. */
export class ExternalBusy extends ExternalBusySchema.class {}
ExternalBusySchema.setClass(ExternalBusy);
