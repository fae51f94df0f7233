/** What happens to one booking and its one payment; minutes of app time where a clock moves. */
export const HAPPENINGS = [
  'pay',
  'deliver',
  'deliver-reversed-twice',
  'deliver-after-72-hours',
  'poll',
  'forge',
  'hold-runs-out',
  'somebody-takes-the-time',
  'customer-cancels',
  'amount-off-by-one',
  'other-currency',
  'wrong-livemode',
  'provider-out',
  'provider-back',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

export const PRICE = 8500;
export const START_AFTER_MINUTES = 5 * 24 * 60;

/** How the books stand, as the database is asked. `atProvider`: what the payer's side says. */
export interface Books {
  booking: 'held' | 'confirmed' | 'completed' | 'cancelled' | 'expired';
  payment: 'open' | 'succeeded' | 'quarantined' | 'canceled';
  paid: number;
  refunded: number;
  causes: string[];
}
