import { statement } from '../database/statement.js';

/** Holds past their end, oldest first; a booking somebody works on is left for the next round. $1 most. */
export const EXPIRED_HOLDS = statement(
  'expired-holds',
  `select id from booking where status = 'held' and hold_expires_at <= app_now()
    order by hold_expires_at limit $1 for update skip locked`,
);

/** Appointments that ended two hours ago and nobody marked. $1 most. */
export const UNMARKED = statement(
  'unmarked-appointments',
  `select id from booking where status = 'confirmed' and ends_at <= app_now() - interval '2 hours'
    order by ends_at limit $1 for update skip locked`,
);
