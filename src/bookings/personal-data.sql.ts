import { statement } from '../database/statement.js';

/** $1 customer. */
export const BOOKING_EXPORT = statement(
  'booking-export',
  `select to_jsonb(b) - 'cancel_reason' || case when b.cancelled_by = 'customer' then jsonb_build_object('cancel_reason', b.cancel_reason) else '{}' end as row
     from booking b where customer_id = $1 order by starts_at, id`,
);

/** $1 customer. What staff wrote as a reason is theirs. */
export const BOOKING_EVENT_EXPORT = statement(
  'booking-event-export',
  `select case when e.actor_kind in ('customer', 'guest') then to_jsonb(e) else to_jsonb(e) #- '{after,reason}' #- '{before,reason}' end as row
     from booking_event e where customer_id = $1 order by at, id`,
);

/** $1 customer, $2 now. What is still to come and would take place without anybody. */
export const BOOKING_OPEN = statement(
  'booking-open',
  `select id from booking where customer_id = $1
      and ((status = 'confirmed' and starts_at > $2) or (status = 'held' and hold_expires_at > $2)) order by id`,
);

/** $1 customer. Time, service and amount stay for the statistics; words do not. */
export const BOOKING_ERASE = statement(
  'booking-erase',
  `update booking set notes = null, cancel_reason = null, version = version + 1
    where customer_id = $1 and (notes is not null or cancel_reason is not null) returning id`,
);

/** $1 customer. Reasons in the history, which the app itself may not touch. */
export const BOOKING_EVENT_ERASE = statement(
  'booking-event-erase',
  'select erase_booking_reasons($1) as rows',
);
