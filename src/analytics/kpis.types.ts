import type { ReportRange } from './report-reader.service.js';
import type {
  NotificationsReport,
  RetentionReport,
  SatisfactionReport,
  UtilizationReport,
} from './report.types.js';

/** How often requests to some routes ended in one way: `ok` or the code of a refusal. */
export interface RouteOutcome {
  readonly outcome: string;
  readonly requests: number;
}

/** What the key figures are made of, besides the other reports. */
export interface KpiFigures {
  readonly actions: {
    readonly own: number;
    readonly staff: number;
    readonly afterHours: number;
    /** Bookings. */
    readonly made: number;
    /** Of five minutes each. */
    readonly staffSpells: number;
    readonly moves: number;
    readonly cancellations: number;
  };
  readonly calendar: { readonly changed: number; readonly inTime: number; readonly openConflicts: number };
  readonly portal: { readonly booked: number; readonly signedIn: number };
  readonly receipts: { readonly payments: number; readonly receipts: number; readonly online: number };
  readonly doubleBookings: number;
  readonly growth: Readonly<
    Record<
      'bookings' | 'bookingsBefore' | 'customers' | 'customersBefore' | 'revenue' | 'revenueBefore',
      number
    >
  >;
  readonly portalOutcomes: readonly RouteOutcome[];
  readonly bookingOutcomes: readonly RouteOutcome[];
  readonly moveOutcomes: readonly RouteOutcome[];
}

export interface KpisReport {
  readonly range: ReportRange;
  readonly figures: KpiFigures;
  readonly outcomes: SatisfactionReport;
  readonly outcomesBefore: SatisfactionReport;
  readonly utilization: UtilizationReport;
  readonly retention: RetentionReport;
  readonly notifications: NotificationsReport;
}
