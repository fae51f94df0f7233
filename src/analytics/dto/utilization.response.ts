import { Out } from '../../common/fields/response.fields.js';
import { addDays, weekdayOf, type LocalDate } from '../../common/time/local-date.js';
import { formatMinute } from '../../common/time/format.js';
import { ratio, total } from '../ratio.js';
import { MOST_DAYS_OF_GAPS, type UtilizationCell, type UtilizationReport } from '../report.types.js';
import type { Granularity } from './analytics.request.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** How much of the time that could be booked is. */
export class UsedTimeResponse {
  @Out.int({ description: 'Working time without time off and what other calendars take' })
  bookableMinutes!: number;
  @Out.int({ description: 'What confirmed and completed visits last, also outside working time' })
  bookedMinutes!: number;
  @Out.number({ nullable: true, description: 'bookedMinutes ÷ bookableMinutes; above 1 with overtime' })
  utilization!: number | null;
}

export class StaffTimeResponse extends UsedTimeResponse {
  @Out.id() staffId!: string;
  @Out.text({ example: 'Grace Hopper' }) name!: string;
}

export class StaffPeriodResponse extends StaffTimeResponse {
  @Out.date({ description: 'The first day of the period' }) period!: string;
}

/** Half an hour or more in which somebody works and nobody comes. */
export class GapResponse {
  @Out.id() staffId!: string;
  @Out.instant() start!: string;
  @Out.int() minutes!: number;
}

/** How well people's time is used, by the hours as they stand now. */
export class UtilizationResponse extends ReportResponse implements Tabular {
  @Out.object(() => UsedTimeResponse) total!: UsedTimeResponse;
  @Out.list(() => StaffTimeResponse) staff!: StaffTimeResponse[];
  @Out.list(() => StaffPeriodResponse) periods!: StaffPeriodResponse[];
  @Out.list(() => GapResponse, {
    nullable: true,
    description: `Null when more than ${MOST_DAYS_OF_GAPS} days are asked for`,
  })
  gaps!: GapResponse[] | null;

  static from({ range, cells }: UtilizationReport): UtilizationResponse {
    const byStaff = Object.values(groupBy(cells, ({ staffId }) => staffId));
    const figures = {
      total: used(cells),
      staff: byStaff.map(ofStaff),
      periods: byStaff.flatMap((own) => periodsOf(own, range.granularity)),
      gaps: range.days > MOST_DAYS_OF_GAPS ? null : cells.flatMap((cell) => gapsOf(cell, range.timeZone)),
    };
    return Object.assign(new UtilizationResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.periods;
  }
}

function used(cells: readonly UtilizationCell[]): UsedTimeResponse {
  const [bookableMinutes, bookedMinutes] = [total(cells, 'bookableMinutes'), total(cells, 'bookedMinutes')];
  return { bookableMinutes, bookedMinutes, utilization: ratio(bookedMinutes, bookableMinutes) };
}

function ofStaff(cells: readonly UtilizationCell[]): StaffTimeResponse {
  const { staffId = '', name = '' } = cells[0] ?? {};
  return { staffId, name, ...used(cells) };
}

function periodsOf(cells: readonly UtilizationCell[], granularity: Granularity): StaffPeriodResponse[] {
  const periods = groupBy(cells, ({ day }) => firstDay(day, granularity));
  return Object.entries(periods).map(([period, own]) => ({ period, ...ofStaff(own) }));
}

function firstDay(day: LocalDate, granularity: Granularity): LocalDate {
  if (granularity === 'day') return day;
  return granularity === 'week' ? addDays(day, 1 - weekdayOf(day)) : `${day.slice(0, 7)}-01`;
}

function gapsOf({ staffId, gaps }: UtilizationCell, zone: string): GapResponse[] {
  return gaps.map(({ start, end }) => ({ staffId, start: formatMinute(start, zone), minutes: end - start }));
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Record<string, T[]> {
  const groups: Record<string, T[]> = {};
  for (const row of rows) (groups[keyOf(row)] ??= []).push(row);
  return groups;
}
