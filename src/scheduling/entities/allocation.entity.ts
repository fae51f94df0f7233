import { defineEntity, p, Type } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { LONGEST_ALLOCATION_MINUTES } from '../../database/allocated.sql.js';
import { Resource } from '../../catalog/entities/resource.entity.js';

/** A half-open stretch of time `[start, end)`, stored as `tstzrange`. */
export interface InstantRange {
  start: Date;
  end: Date;
}

class InstantRangeType extends Type<InstantRange, string> {
  override convertToDatabaseValue(range: InstantRange): string {
    return `[${range.start.toISOString()},${range.end.toISOString()})`;
  }
  override convertToJSValue(text: string): InstantRange {
    const [start = '', end = ''] = text.slice(1, -1).replaceAll('"', '').split(',');
    return { start: new Date(start), end: new Date(end) };
  }
  override getColumnType(): string {
    return 'tstzrange';
  }
  override compareAsType(): string {
    return 'string';
  }
}

const minute = (bound: 'lower' | 'upper') =>
  `((${bound === 'lower' ? 'floor' : 'ceil'}(extract(epoch from ${bound}(during) at time zone 'UTC') / 60))::int) stored`;

const AllocationSchema = defineEntity({
  name: 'Allocation',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    bookingId: p.uuid(),
    resourceId: () => p.manyToOne(Resource).mapToPk().joinColumn('resource_id').deleteRule('restrict'),
    during: p.type(InstantRangeType).$type<InstantRange>(),
    active: p.boolean().default(true),
    heldUntil: p.datetime().nullable(),
    startMinute: p.integer().generated(minute('lower')).nullable(),
    endMinute: p.integer().generated(minute('upper')).nullable(),
  },
  indexes: [
    { name: 'allocation_booking', properties: ['bookingId'] },
    {
      name: 'allocation_search',
      expression:
        'create index allocation_search on allocation (resource_id, end_minute, start_minute) include (held_until, booking_id) where active',
    },
  ],
  checks: [
    {
      name: 'allocation_no_overlap',
      expression: 'exclude using gist (resource_id with =, during with &&) where (active)',
    },
    {
      name: 'allocation_not_empty',
      expression: 'not isempty(during) and lower(during) is not null and upper(during) is not null',
    },
    {
      name: 'allocation_at_most_a_day',
      expression: `upper(during) - lower(during) <= interval '${LONGEST_ALLOCATION_MINUTES} minutes'`,
    },
  ],
});

/** The time a booking takes of one resource, buffers included. The database, not the service, forbids a double booking. */
export class Allocation extends AllocationSchema.class {}
AllocationSchema.setClass(Allocation);
