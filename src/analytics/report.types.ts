import type { LocalDate } from '../common/time/local-date.js';
import type { ReportRange } from './report-reader.service.js';
import type { ReturnDays } from './return-days.js';

interface Report {
  readonly range: ReportRange;
}

/** Visits of one hour of the week. */
export interface HourOfWeek {
  readonly weekday: number;
  readonly hour: number;
  readonly bookings: number;
}

/** When people come, how long before they book, and where. */
export interface PatternsReport extends Report {
  readonly bookings: number;
  readonly medianLeadHours: number | null;
  readonly hours: readonly HourOfWeek[];
  readonly periods: readonly { period: LocalDate; bookings: number }[];
  readonly leads: readonly { bucket: number; bookings: number }[];
  readonly sources: readonly { source: string; bookings: number }[];
}

/** One service in a report; `revenue` in minor units. */
export interface ServiceRow {
  readonly serviceId: string;
  readonly name: string;
  readonly bookings: number;
  readonly minutes: number;
  readonly cancellations: number;
  readonly completed: number;
  readonly noShows: number;
  readonly bookingsBefore: number;
  readonly revenue: number;
}

export interface ServicesReport extends Report {
  readonly rows: readonly ServiceRow[];
}

/** How visits ended. */
export interface Outcomes {
  readonly completed: number;
  readonly noShows: number;
  readonly lateCancellations: number;
}

export interface SatisfactionReport extends Report {
  readonly periods: readonly (Outcomes & { period: LocalDate })[];
  readonly staff: readonly (Outcomes & { staffId: string; name: string })[];
}

/** Gaps are listed for so many days at most. */
export const MOST_DAYS_OF_GAPS = 31;

/** One person on one local day; gaps in epoch minutes. */
export interface UtilizationCell {
  readonly staffId: string;
  readonly name: string;
  readonly day: LocalDate;
  readonly bookableMinutes: number;
  readonly bookedMinutes: number;
  readonly gaps: readonly { start: number; end: number }[];
}

export interface UtilizationReport extends Report {
  readonly cells: readonly UtilizationCell[];
}

/** One customer in a report; money in minor units. */
export interface CustomerRow {
  readonly customerId: string;
  readonly name: string;
  readonly visits: number;
  readonly orders: number;
  readonly captured: number;
  readonly net: number;
  readonly decile: number;
}

export interface DecileRow {
  readonly decile: number;
  readonly customers: number;
  readonly orders: number;
  readonly captured: number;
  readonly net: number;
}

export interface CustomersReport extends Report {
  readonly best: readonly CustomerRow[];
  readonly deciles: readonly DecileRow[];
  readonly lifetime: { readonly customers: number; readonly net: number };
}

/** The customers whose first visit was in one month: `eligible30` of them at least 30 days ago, `returned30` of those within 30 days. */
export type CohortRow = Readonly<Record<`${'eligible' | 'returned'}${ReturnDays}`, number>> & {
  readonly cohort: string;
  readonly customers: number;
};

export interface RetentionReport extends Report {
  readonly cohorts: readonly CohortRow[];
  readonly checkout: { readonly visits: number; readonly rebooked: number };
}

/** Money that moved in a period, in minor units. */
export interface RevenueRow {
  readonly period: LocalDate;
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
  readonly lost: number;
}

export interface RevenueReport extends Report {
  readonly periods: readonly RevenueRow[];
  readonly success: { readonly attempted: number; readonly succeeded: number };
  readonly declines: readonly { code: string; payments: number }[];
  readonly outstanding: { readonly bookings: number; readonly amount: number };
}

/** How far the messages of one channel got. */
export interface DeliveryRow {
  readonly channel: string;
  readonly planned: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly automatic: number;
  readonly manual: number;
  readonly templated: number;
  readonly segments: number;
  readonly medianSeconds: number | null;
}

/** Visits that were kept or missed, reminded or not. */
export interface RemindedRow {
  readonly reminded: boolean;
  readonly completed: number;
  readonly noShows: number;
  readonly saidTheyCome: number;
}

export interface NotificationsReport extends Report {
  readonly channels: readonly DeliveryRow[];
  readonly failures: readonly {
    channel: string;
    code: number | null;
    reason: string | null;
    messages: number;
  }[];
  readonly optOuts: { readonly recipients: number; readonly optOuts: number };
  readonly reminded: readonly RemindedRow[];
}
