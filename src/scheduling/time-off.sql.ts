import { statement } from '../database/statement.js';

/** Bookings that stand where somebody wants to be away, earliest first; holds past their end stand no more. */
export const BOOKINGS_DURING = statement(
  'bookings-during',
  `select booking_id as id from allocation
    where active and resource_id = $1 and during && tstzrange($2, $3) and (held_until is null or held_until > app_now())
    order by lower(during), booking_id limit 100`,
);
