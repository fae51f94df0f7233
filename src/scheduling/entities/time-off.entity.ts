import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Resource } from '../../catalog/entities/resource.entity.js';

/** Whole minutes since 1970 in UTC, stored beside an instant because integers are what slot search reads. */
const minuteOf = (column: string, rounding: 'floor' | 'ceil') =>
  `((${rounding}(extract(epoch from ${column} at time zone 'UTC') / 60))::int) stored`;

const TimeOffSchema = defineEntity({
  name: 'TimeOff',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    resourceId: () => p.manyToOne(Resource).mapToPk().joinColumn('resource_id').deleteRule('restrict'),
    startsAt: p.datetime(),
    endsAt: p.datetime(),
    startMinute: p.integer().generated(minuteOf('starts_at', 'floor')).nullable(),
    endMinute: p.integer().generated(minuteOf('ends_at', 'ceil')).nullable(),
    reason: p.string().length(200).nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
  indexes: [{ name: 'time_off_search', properties: ['resourceId', 'endMinute', 'startMinute'] }],
  checks: [
    { name: 'time_off_ends_after_start', expression: 'ends_at > starts_at' },
    {
      name: 'time_off_whole_minutes',
      expression: `extract(second from starts_at at time zone 'UTC') = 0 and extract(second from ends_at at time zone 'UTC') = 0`,
    },
    { name: 'time_off_at_most_a_year', expression: `ends_at <= starts_at + interval '366 days'` },
  ],
});

/** Absence of one person. It may lie over bookings that stand: those are for people to sort out. */
export class TimeOff extends TimeOffSchema.class {}
TimeOffSchema.setClass(TimeOff);
