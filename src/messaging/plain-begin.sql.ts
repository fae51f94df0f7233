import { statement } from '../database/statement.js';

/** $1 message of ours that was not begun, in this file's statements. */
export const PLANNED_MESSAGE = statement(
  'planned-message',
  `select * from message where id = $1 and direction = 'out' and state = 'planned'`,
);

export const PLANNED_BOOKING = statement(
  'planned-booking',
  `select b.*, r.name as staff_name from message m join booking b on b.id = m.booking_id join resource r on r.id = b.resource_id where m.id = $1`,
);

/** A booking's customer is whom it speaks to; without a booking, the message's own. */
export const PLANNED_CUSTOMER = statement(
  'planned-customer',
  `select c.* from message m left join booking b on b.id = m.booking_id
     join customer c on c.id = case when b.id is null then m.customer_id else b.customer_id end where m.id = $1`,
);

/** Whether its contact said STOP, what its customer agreed to, and what was spent, see `SPEND_COUNTS`: the begin counts what went to its number; $2 the budget of which plenty is left, or null. */
export const PLANNED_STANDING = statement(
  'planned-standing',
  `select m.channel = 'sms' and exists (select from opt_out o where o.channel = 'sms' and o.contact_hash = m.to_hash and o.lifted_at is null) as opted_out,
          coalesce((select jsonb_object_agg(c.purpose, c.granted) from (
             select distinct on (purpose) purpose, granted from consent
              where customer_id = case when b.id is null then m.customer_id else b.customer_id end
              order by purpose, at desc, id desc) c), '{}') as consents,
          case when m.channel <> 'sms' or s.sms_daily_budget = $2 then null else (select count(*)::int from (select 1 from message_attempt
             where channel = 'sms' and started_at > now() - interval '24 hours' and outcome is distinct from 'refused'
             limit s.sms_daily_budget) spent) end as spent
     from business s, message m left join booking b on b.id = m.booking_id where m.id = $1`,
);

/** Every wording in force that its family may be written in. */
export const PLANNED_WORDINGS = statement(
  'planned-wordings',
  `select distinct on (v.key) v.key, v.number, v.subject, v.body from message m
     join message_template_version v on starts_with(v.key, m.channel || '.' || m.family)
    where m.id = $1 order by v.key, v.number desc`,
);
