import { statement } from '../database/statement.js';

/** $1 message of ours: what has to be locked before it is begun, and the contacts that whom it speaks to, as the subject has it, has now. */
export const MESSAGE_TARGET = statement(
  'message-target',
  `select m.channel, m.family, m.class, m.automatic, m.customer_id, m.booking_id, m.to_hash,
          case when b.id is null then c.phone else booker.phone end as phone, case when b.id is null then c.email else booker.email end as email
     from message m
     left join customer c on c.id = m.customer_id
     left join booking b on b.id = m.booking_id
     left join customer booker on booker.id = b.customer_id
    where m.id = $1 and m.direction = 'out'`,
);

export const SUBJECT_BUSINESS = statement('subject-business', 'select * from business');

/** $1 booking. */
export const SUBJECT_BOOKING = statement(
  'subject-booking',
  'select b.*, r.name as staff_name from booking b join resource r on r.id = b.resource_id where b.id = $1',
);

/** $1 booking. */
export const SUBJECT_BOOKER = statement(
  'subject-booker',
  'select c.* from booking b join customer c on c.id = b.customer_id where b.id = $1',
);

/** $1 customer. */
export const SUBJECT_CUSTOMER = statement('subject-customer', 'select * from customer where id = $1');

/** $1 payment. */
export const SUBJECT_PAYMENT = statement('subject-payment', 'select * from payment where id = $1');

/** $1 refund. */
export const SUBJECT_REFUND = statement('subject-refund', 'select * from refund where id = $1');
