/** Refusals of bookings and moves that would have been mistakes: each is one that nobody had to put right at the counter. */
const PREVENTED: ReadonlySet<string> = new Set([
  ...['slot-unavailable', 'outside-business-hours', 'min-notice', 'max-horizon', 'off-grid'],
  ...['service-staff-mismatch', 'active-booking-limit', 'hold-limit', 'validation-failed'],
  ...['reschedule-window-closed', 'reschedule-limit', 'invalid-transition'],
]);

export function isPrevented(outcome: string): boolean {
  return PREVENTED.has(outcome);
}

/** Answers for which the application is to blame, not whoever asked. */
const FAULTS: ReadonlySet<string> = new Set(['internal', 'unavailable']);

export function isFault(outcome: string): boolean {
  return FAULTS.has(outcome);
}
