import { statement } from '../database/statement.js';

/** Messages of ours that were planned in the range. $1 since, $2 until. */
const PLANNED = `m.direction = 'out' and m.created_at >= $1::timestamptz and m.created_at < $2::timestamptz`;

/** How far they got, by channel, how many were written from a template and what they were billed as, and how long after their time half of them were taken by the provider. */
export const DELIVERY = statement(
  'delivery-report',
  `select m.channel, count(*)::int as planned, count(m.accepted_at)::int as accepted,
          count(*) filter (where m.state = 'delivered')::int as delivered,
          count(*) filter (where m.state in ('failed', 'undelivered'))::int as failed,
          count(*) filter (where m.accepted_at is not null and m.automatic)::int as automatic,
          count(*) filter (where m.accepted_at is not null and not m.automatic)::int as manual,
          count(*) filter (where m.accepted_at is not null and m.family not in ('manual', 'test'))::int as templated,
          coalesce(sum(m.segments) filter (where m.accepted_at is not null), 0)::int as segments,
          round((percentile_cont(0.5) within group (order by greatest(date_part('epoch', m.accepted_at - m.due_at), 0))
            filter (where m.accepted_at is not null))::numeric, 1)::float8 as "medianSeconds"
     from message m where ${PLANNED} group by 1 order by 1`,
);

/** What they failed with. */
export const FAILURES = statement(
  'delivery-failures-report',
  `select m.channel, m.error_code as code, min(m.reason) as reason, count(*)::int as messages
     from message m where ${PLANNED} and m.state in ('failed', 'undelivered') group by 1, 2 order by 4 desc, 1, 2 nulls last limit 50`,
);

/** People who were texted, and those of all who said STOP in the range and have not taken it back. */
export const OPT_OUTS = statement(
  'opt-out-report',
  `select (select count(*)::int from (
             select m.to_hash from message m where ${PLANNED} and m.channel = 'sms' and m.accepted_at is not null group by 1) r) as recipients,
          (select count(*)::int from opt_out o where o.channel = 'sms' and o.lifted_at is null
              and o.opted_out_at >= $1 and o.opted_out_at < $2) as "optOuts"`,
);

/** Visits of the range that were kept or missed, reminded or not, and whose customers said that they would come. */
export const REMINDED = statement(
  'reminded-report',
  `with first_reminders as (
     select booking_id, min(accepted_at) as at from message where family = 'booking_reminder' and booking_id is not null group by 1)
   select coalesce(m.at < b.starts_at, false) as reminded, count(*) filter (where b.status = 'completed')::int as completed,
          count(*) filter (where b.status = 'no_show')::int as "noShows",
          count(*) filter (where b.attendance_confirmed_at is not null)::int as "saidTheyCome"
     from booking b left join first_reminders m on m.booking_id = b.id
    where b.starts_at >= $1::timestamptz and b.starts_at < $2::timestamptz and b.status in ('completed', 'no_show') group by 1 order by 1 desc`,
);
