import { defineEntity, p } from '@mikro-orm/core';
import type { DayFailure } from '../report-days.types.js';

const ReportDaySchema = defineEntity({
  name: 'ReportDay',
  properties: {
    /** The salon's calendar. */
    day: p.date().primary(),
    /** Where that calendar was kept; another zone's days are of no use. */
    timeZone: p.string().length(64),
    /** App time at which the day was counted last. */
    keptAt: p.datetime(),
    figures: p.json<Record<string, number>>(),
    failures: p.json<readonly DayFailure[]>(),
    /** How long after their time the day's texts were taken, in ms, each. */
    smsMs: p.array((ms) => Number(ms)).columnType('int[]'),
    emailMs: p.array((ms) => Number(ms)).columnType('int[]'),
    /** Whom a text was taken for: hashes of their contacts' hashes. */
    texted: p.array((hash) => BigInt(hash)).columnType('bigint[]'),
    /** Who had a visit: hashes of customers' ids. */
    visitors: p.array((hash) => BigInt(hash)).columnType('bigint[]'),
  },
  checks: [
    { name: 'report_day_is_over', expression: `kept_at >= (day + 1)::timestamp at time zone time_zone` },
  ],
});

/** What can be summed of one local day that is over, counted once so that a report on a year need not count it again. */
export class ReportDay extends ReportDaySchema.class {}
ReportDaySchema.setClass(ReportDay);
