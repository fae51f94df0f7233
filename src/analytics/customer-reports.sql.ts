import { statement } from '../database/statement.js';
import { RETURN_DAYS } from './return-days.js';
import { IN_RANGE, MONEY_OF_WISHED, MOVEMENTS } from './fragments.sql.js';

/** What each customer brought in the range and how often they came: those who brought most, and all of them, a tenth at a time. $5 how many. */
export const CUSTOMERS = statement(
  'customer-report',
  `with money as (
     select m.customer_id, sum(m.minor) as net, count(distinct m.booking_id) filter (where m.kind = 'captured') as orders,
            sum(m.minor) filter (where m.kind = 'captured') as captured
       from ${MOVEMENTS} m where m.at >= $1 and m.at < $2 and ${MONEY_OF_WISHED} group by 1),
   visits as (
     select b.customer_id, count(*) as visits from booking b where ${IN_RANGE} and b.status = 'completed' group by 1),
   everybody as (
     select customer_id, coalesce(m.net, 0) as net, coalesce(m.orders, 0) as orders, coalesce(m.captured, 0) as captured,
            coalesce(v.visits, 0) as visits
       from money m full join visits v using (customer_id)),
   ranked as materialized (select *, ntile(10) over (order by net desc, customer_id) as decile from everybody),
   best as (
     select r.customer_id as "customerId", c.name, r.visits, r.orders, r.net, r.captured, r.decile
       from ranked r join customer c on c.id = r.customer_id order by r.net desc, r.customer_id limit $5),
   deciles as (
     select decile, count(*) as customers, sum(net) as net, sum(captured) as captured, sum(orders) as orders from ranked group by 1)
   select coalesce((select jsonb_agg(to_jsonb(b) order by b.net desc, b."customerId") from best b), '[]') as best,
          coalesce((select jsonb_agg(to_jsonb(d) order by d.decile) from deciles d), '[]') as deciles`,
);

/** What a customer who ever came has brought, on average, in all the time until $1. */
export const LIFETIME_VALUE = statement(
  'customer-report-lifetime',
  `with came as (select distinct customer_id from booking where status = 'completed' and starts_at < $1::timestamptz),
   money as (select customer_id, sum(minor) as net from ${MOVEMENTS} m where m.at < $1 group by 1)
   select count(*)::int as customers, coalesce(sum(m.net), 0)::float8 as net from came left join money m using (customer_id)`,
);

const returns = RETURN_DAYS.map(
  (
    days,
  ) => `count(*) filter (where first <= $4::timestamptz - interval '${days} days')::int as "eligible${days}",
          count(*) filter (where first <= $4::timestamptz - interval '${days} days' and next <= first + interval '${days} days')::int as "returned${days}"`,
);

/**
 * Customers by the month of their first completed visit, and how many came again within so many days, among those whose first
 * visit is at least as long ago. $1 since, $2 until, $3 zone, $4 now.
 */
export const COHORTS = statement(
  'retention-report',
  `with visits as (
     select customer_id, min(starts_at) as first, (array_agg(distinct starts_at order by starts_at))[2] as next
       from booking where status = 'completed' group by 1)
   select to_char(first at time zone $3::text, 'YYYY-MM') as cohort, count(*)::int as customers, ${returns.join(', ')}
     from visits where first >= $1::timestamptz and first < $2::timestamptz group by 1 order by 1`,
);

/** Completed visits, and how many of them ended with the next one booked: from their start to two hours after their end. */
export const REBOOKED = statement(
  'rebooked-report',
  `with visits as (
     select id, customer_id, starts_at, ends_at from booking
      where status = 'completed' and starts_at >= $1::timestamptz and starts_at < $2::timestamptz)
   select (select count(*)::int from visits) as visits,
          (select count(distinct v.id)::int from visits v join booking n on n.customer_id = v.customer_id and n.id <> v.id
              and n.created_at >= v.starts_at and n.created_at < v.ends_at + interval '2 hours' and n.status not in ('held', 'expired')) as rebooked`,
);
