import { defineEntity, p } from '@mikro-orm/core';
import { Resource } from './resource.entity.js';
import { LONGEST_SERVICE_MINUTES, Service } from './service.entity.js';

const ServiceResourceSchema = defineEntity({
  name: 'ServiceResource',
  properties: {
    serviceId: () => p.manyToOne(Service).mapToPk().joinColumn('service_id').primary().deleteRule('restrict'),
    resourceId: () =>
      p.manyToOne(Resource).mapToPk().joinColumn('resource_id').primary().deleteRule('restrict'),
    durationMinutes: p.integer().nullable(),
    priceMinor: p.integer().nullable(),
  },
  checks: [
    {
      name: 'service_resource_overrides_in_bounds',
      expression: `(duration_minutes is null or duration_minutes between 5 and ${LONGEST_SERVICE_MINUTES}) and (price_minor is null or price_minor >= 0)`,
    },
  ],
});

/** Who offers which service, with their own duration and price where these differ. */
export class ServiceResource extends ServiceResourceSchema.class {}
ServiceResourceSchema.setClass(ServiceResource);
