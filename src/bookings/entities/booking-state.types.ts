/** The part of a booking that a transition may change. */
export interface BookingState {
  status: string;
  startsAt: string;
  endsAt: string;
  resourceId: string;
  reason?: string;
}
