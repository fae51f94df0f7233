import { statement } from '../database/statement.js';

/**
 * What happened lately, newest first: bookings, money, messages, the account itself. Row-level security holds for all but the audit
 * log, whose rows are named by their subject. $1 customer, $2 the beginning of what may be shown, or null, $3 how many.
 */
export const PORTAL_ACTIVITY = statement(
  'portal-activity',
  `with happened as (
     (select at, 'booking' as kind, type as what, booking_id, id from booking_event
       where customer_id = $1 and ($2::timestamptz is null or at >= $2) order by at desc limit $3)
     union all
     (select settled_at, 'payment', state, booking_id, id from payment
       where customer_id = $1 and settled_at is not null and ($2::timestamptz is null or settled_at >= $2)
       order by settled_at desc limit $3)
     union all
     (select coalesce(settled_at, requested_at), 'refund', state, booking_id, id from refund
       where customer_id = $1 and ($2::timestamptz is null or requested_at >= $2) order by requested_at desc limit $3)
     union all
     (select accepted_at, 'message', family, booking_id, id from message
       where customer_id = $1 and accepted_at is not null and ($2::timestamptz is null or accepted_at >= $2)
       order by accepted_at desc limit $3)
     union all
     (select at + make_interval(secs => app_clock_offset_ms() / 1000.0), 'account', action, null, id from audit_log
       where subject_id = $1 and subject_kind = 'customer' and actor_kind in ('customer', 'system')
         and action in ('sign-in.succeeded', 'customer.profile-changed', 'customer.contact-changed', 'consent.decided')
       order by at desc limit $3))
   select (extract(epoch from at) * 1000)::float8 as at_ms, kind, what, booking_id from happened order by at desc, id desc limit $3`,
);
