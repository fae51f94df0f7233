import type { ComparedSums } from './report-days.types.js';
import type { ReportRange } from './report-reader.service.js';

/** How often requests to some routes ended in one way: `ok` or the code of a refusal. */
export interface RouteOutcome {
  readonly outcome: string;
  readonly requests: number;
}

/** What the key figures are made of. */
export interface KpisReport {
  readonly range: ReportRange;
  readonly sums: ComparedSums;
  readonly lately: { readonly booked: number; readonly signedIn: number; readonly openConflicts: number };
  readonly portalOutcomes: readonly RouteOutcome[];
  readonly bookingOutcomes: readonly RouteOutcome[];
  readonly moveOutcomes: readonly RouteOutcome[];
}
