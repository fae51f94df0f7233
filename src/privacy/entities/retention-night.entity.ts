import { defineEntity, p } from '@mikro-orm/core';
import type { DataClass } from '../../database/retention.js';

/** How many rows of each kind went. */
export type Cut = Readonly<Partial<Record<DataClass, number>>>;

const RetentionNightSchema = defineEntity({
  name: 'RetentionNight',
  properties: {
    day: p.date().primary(),
    startedAt: p.datetime(),
    endedAt: p.datetime().nullable(),
    cut: p.json<Cut | null>().nullable(),
  },
  checks: [{ name: 'retention_night_end_tells_what', expression: '(ended_at is null) = (cut is null)' }],
});

/** One look through all that is kept; its day, in the salon's zone, lets only one process do it. Times are real time. */
export class RetentionNight extends RetentionNightSchema.class {}
RetentionNightSchema.setClass(RetentionNight);
