import { statement } from '../database/statement.js';

/** $1 id, $2 event id, $3 type. No row back: this delivery was taken in before. */
export const INBOX_ADD = statement(
  'twilio-inbox-add',
  `insert into provider_event (id, provider, event_id, type) values ($1, 'twilio', $2, $3)
   on conflict on constraint provider_event_once do nothing returning id`,
);

/** $1 phone. Whose number it is: the verified owner, else who used it last. */
export const CUSTOMER_BY_PHONE = statement(
  'customer-by-phone',
  `select id from customer where phone = $1 and erased_at is null and merged_into_id is null
    order by phone_verified_at is null, created_at desc limit 1`,
);

/** $1 phone. The next appointment of whoever uses this number. */
export const NEXT_BOOKING_BY_PHONE = statement(
  'next-booking-by-phone',
  `select b.id, b.customer_id from booking b join customer c on c.id = b.customer_id
    where c.phone = $1 and c.erased_at is null and b.status = 'confirmed' and b.starts_at > app_now() order by b.starts_at limit 1`,
);
