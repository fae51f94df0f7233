import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Resource } from '../../catalog/entities/resource.entity.js';

const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]';
const IS_INTERVAL = `$[*] ? (@.from like_regex "^${TIME}$" && @.to like_regex "^(${TIME}|24:00)$")`;

const HoursExceptionSchema = defineEntity({
  name: 'HoursException',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    resourceId: () =>
      p.manyToOne(Resource).mapToPk().joinColumn('resource_id').nullable().deleteRule('restrict'),
    date: p.date(),
    intervals: p.json<{ from: string; to: string }[]>(),
    reason: p.string().length(200).nullable(),
  },
  indexes: [
    {
      name: 'hours_exception_one_per_date',
      expression:
        'create unique index hours_exception_one_per_date on hours_exception (resource_id, date) nulls not distinct',
    },
  ],
  checks: [
    { name: 'hours_exception_intervals_is_list', expression: `jsonb_typeof(intervals) = 'array'` },
    {
      name: 'hours_exception_intervals_are_times',
      expression: `case when jsonb_typeof(intervals) = 'array' then jsonb_array_length(jsonb_path_query_array(intervals, '${IS_INTERVAL}')) = jsonb_array_length(intervals) else true end`,
    },
  ],
});

/** Other hours on one local date, instead of the weekly ones; an empty list means closed. */
export class HoursException extends HoursExceptionSchema.class {}
HoursExceptionSchema.setClass(HoursException);
