import { Out } from '../../common/fields/response.fields.js';
import { LEAD_HOURS } from '../lead-hours.js';
import type { PatternsReport } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** Visits that begin in one hour of the week, on the salon's clock. */
export class HourOfWeekResponse {
  @Out.int({ description: '1 is Monday, 7 Sunday', example: 1 }) weekday!: number;
  @Out.int({ description: '0 to 23', example: 14 }) hour!: number;
  @Out.int() bookings!: number;
}

export class PeriodBookingsResponse {
  @Out.date({ description: 'The first day of the period' }) period!: string;
  @Out.int() bookings!: number;
}

/** Visits that were booked so many hours before they begin. */
export class LeadTimeResponse {
  @Out.int({ description: 'Included' }) fromHours!: number;
  @Out.int({ nullable: true, description: 'Excluded; null: and longer' }) toHours!: number | null;
  @Out.int() bookings!: number;
}

export class SourceResponse {
  @Out.oneOf(['public', 'portal', 'staff']) source!: string;
  @Out.int() bookings!: number;
}

/** When people come, how long before they book, and where. Counted are visits that stand: confirmed, completed, missed. */
export class BookingPatternsResponse extends ReportResponse implements Tabular {
  @Out.int() bookings!: number;
  @Out.number({ nullable: true, description: 'Half of the visits were booked at least so long before' })
  medianLeadHours!: number | null;
  @Out.list(() => HourOfWeekResponse, { description: 'Hours without a visit are left out' })
  hours!: HourOfWeekResponse[];
  @Out.list(() => PeriodBookingsResponse) periods!: PeriodBookingsResponse[];
  @Out.list(() => LeadTimeResponse) leadTimes!: LeadTimeResponse[];
  @Out.list(() => SourceResponse) sources!: SourceResponse[];

  static from(report: PatternsReport): BookingPatternsResponse {
    const { bookings, medianLeadHours, hours, periods, sources } = report;
    const leadTimes = LEAD_HOURS.map((fromHours, index) => ({
      fromHours,
      toHours: LEAD_HOURS[index + 1] ?? null,
      bookings: report.leads.find(({ bucket }) => bucket === index + 1)?.bookings ?? 0,
    }));
    const figures = { bookings, medianLeadHours, hours, periods, leadTimes, sources };
    return Object.assign(new BookingPatternsResponse().about(report.range), figures);
  }

  table(): readonly object[] {
    return this.hours;
  }
}
