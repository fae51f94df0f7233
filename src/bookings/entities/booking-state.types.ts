/** The part of a booking that a transition may change. */
export interface BookingState {
  status: string;
  startsAt: string;
  endsAt: string;
  resourceId: string;
  /** In minor units of the booking's currency, which never changes. */
  totalMinor: number;
  dueToConfirmMinor: number;
  /** Why; the first thing to show of a transition. */
  reason?: string;
  /** Why nothing had to be paid, where `reason` already tells why a rule was overridden. */
  waiveReason?: string;
}
