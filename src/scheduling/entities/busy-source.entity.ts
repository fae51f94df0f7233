import { defineEntity, p } from '@mikro-orm/core';
import { Resource } from '../../catalog/entities/resource.entity.js';

const BusySourceSchema = defineEntity({
  name: 'BusySource',
  properties: {
    id: p.uuid().primary(),
    /** Whose time it tells of; null: everybody's. */
    resourceId: () =>
      p.manyToOne(Resource).mapToPk().joinColumn('resource_id').nullable().deleteRule('restrict'),
    /** When it was last read to its end; real time. */
    syncedAt: p.datetime().nullable(),
  },
});

/** Somewhere outside where people are busy too, such as a connected calendar. */
export class BusySource extends BusySourceSchema.class {}
BusySourceSchema.setClass(BusySource);
