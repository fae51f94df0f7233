import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Resource } from '../../catalog/entities/resource.entity.js';

/** The salon's own hours have no resource; an exclusion compares values, so they get one. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const minuteOfWeek = (column: string) =>
  `(weekday - 1) * 1440 + split_part(${column}, ':', 1)::int * 60 + split_part(${column}, ':', 2)::int`;

/** As minutes of the week; text sorts like the time it writes, and closing at or before opening means the next day. */
const OPEN_MINUTES = `int4range(${minuteOfWeek('opens_at')}, ${minuteOfWeek('closes_at')} + case when closes_at <= opens_at then 1440 else 0 end)`;

const WeeklyHoursSchema = defineEntity({
  name: 'WeeklyHours',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    resourceId: () =>
      p.manyToOne(Resource).mapToPk().joinColumn('resource_id').nullable().deleteRule('restrict'),
    weekday: p.integer(),
    opensAt: p.string().length(5),
    closesAt: p.string().length(5),
  },
  indexes: [{ name: 'weekly_hours_resource', properties: ['resourceId', 'weekday'] }],
  checks: [
    { name: 'weekly_hours_iso_weekday', expression: 'weekday between 1 and 7' },
    {
      name: 'weekly_hours_are_times',
      expression: `opens_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and closes_at ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'`,
    },
    {
      name: 'weekly_hours_no_overlap',
      expression: `exclude using gist (coalesce(resource_id, '${NOBODY}'::uuid) with =, (${OPEN_MINUTES}) with &&)`,
    },
  ],
});

/** One opening interval of one weekday (1 = Monday), of the salon or, with a resource, of one person. */
export class WeeklyHours extends WeeklyHoursSchema.class {}
WeeklyHoursSchema.setClass(WeeklyHours);
