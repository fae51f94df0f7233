import { statement } from '../database/statement.js';
import { IN_RANGE, MONEY_OF_WISHED, MOVEMENTS } from './fragments.sql.js';

/**
 * What each customer brought in the range and how often they came: those who brought most, and all of them, a tenth at a time. And what
 * those who ever came brought in all the time until the range ends, of whomever they came to. $5 how many.
 */
export const CUSTOMERS = statement(
  'customer-report',
  `with by_booking as (
     select m.customer_id, m.booking_id, sum(m.minor)::float8 as ever, (sum(m.minor) filter (where m.counts))::float8 as net,
            (sum(m.minor) filter (where m.counts and m.kind = 'captured'))::float8 as captured
       from (select m.*, m.at >= $1::timestamptz and ${MONEY_OF_WISHED} as counts from ${MOVEMENTS} m where m.at < $2::timestamptz) m
      group by 1, 2),
   money as (
     select customer_id, sum(ever) as ever, sum(net) as net, count(captured) as orders, sum(captured) as captured from by_booking group by 1),
   visits as (
     select b.customer_id, count(*) filter (where ${IN_RANGE}) as visits
       from booking b where b.starts_at < $2::timestamptz and b.status = 'completed' group by 1),
   everybody as materialized (
     select customer_id, m.ever, m.net, coalesce(m.orders, 0) as orders, coalesce(m.captured, 0) as captured, v.visits
       from money m full join visits v using (customer_id)),
   ranked as materialized (
     select customer_id, coalesce(net, 0) as net, orders, captured, coalesce(visits, 0) as visits,
            ntile(10) over (order by coalesce(net, 0) desc, customer_id) as decile
       from everybody where net is not null or visits > 0),
   best as (
     select r.customer_id as "customerId", c.name, r.visits, r.orders, r.net, r.captured, r.decile
       from (select * from ranked order by net desc, customer_id limit $5) r join customer c on c.id = r.customer_id),
   deciles as (
     select decile, count(*) as customers, sum(net) as net, sum(captured) as captured, sum(orders) as orders from ranked group by 1)
   select coalesce((select jsonb_agg(to_jsonb(b) order by b.net desc, b."customerId") from best b), '[]') as best,
          coalesce((select jsonb_agg(to_jsonb(d) order by d.decile) from deciles d), '[]') as deciles,
          (select jsonb_build_object('customers', count(*), 'net', coalesce(sum(ever), 0)) from everybody where visits is not null) as lifetime`,
);
