import { idOfAgo, madeAt } from '../database/id-time.sql.js';
import { statement } from '../database/statement.js';
import { MOVEMENTS, VISIT } from './fragments.sql.js';

const THIRTY_DAYS_AGO = idOfAgo(30 * 86_400);

/**
 * What customers and staff did about bookings: made, moved, cancelled them, or said that they come; and in how many five minutes each of the
 * staff did something. $1 since, $2 until, $3 when the salon is open, as a multirange of epoch minutes.
 */
export const ACTIONS = statement(
  'kpi-actions',
  `select count(*) filter (where own)::int as own, count(*) filter (where not own)::int as staff,
          count(*) filter (where own and not ($3::int4multirange @> floor(extract(epoch from at) / 60)::int))::int as "afterHours",
          count(*) filter (where is_new)::int as made,
          count(distinct (actor_id, floor(extract(epoch from at) / 300))) filter (where not own)::int as "staffSpells",
          count(*) filter (where own and type = 'rescheduled')::int as moves,
          count(*) filter (where own and type = 'cancelled')::int as cancellations
     from (select type, at, actor_id, before is null as is_new, actor_kind in ('customer', 'guest') as own from booking_event
            where at >= $1::timestamptz and at < $2::timestamptz and actor_kind in ('customer', 'guest', 'staff')
              and (before is null or type in ('rescheduled', 'cancelled', 'attendance_confirmed'))) e`,
);

/**
 * Standing bookings that changed in the range and have an event in a calendar, and those whose event was last written within a minute
 * after. Both are read in real time: the change's from its id. $1 since, $2 until.
 */
export const CALENDAR_SYNC = statement(
  'kpi-calendar-sync',
  `select count(*)::int as changed, count(*) filter (where e.in_time)::int as "inTime",
          (select count(*)::int from calendar_conflict where resolution is null) as "openConflicts"
     from (select bool_and(l.synced_hash is not null and l.synced_at <= ${madeAt('c.id')} + interval '60 seconds') as in_time
             from (select distinct on (booking_id) booking_id, id from booking_event
                    where at >= $1::timestamptz and at < $2::timestamptz and type in ('confirmed', 'rescheduled')
                    order by booking_id, id desc) c
             join booking b on b.id = c.booking_id and ${VISIT}
             join calendar_link l on l.booking_id = c.booking_id and not l.suppressed group by c.booking_id) e`,
);

/** Customers who booked in the last thirty days of real time, and customers who signed in to the portal in them. */
export const PORTAL_USAGE = statement(
  'kpi-portal-usage',
  `select (select count(distinct customer_id)::int from booking where id >= ${THIRTY_DAYS_AGO}) as booked,
          (select count(distinct customer_id)::int from session
            where kind = 'customer' and coalesce(last_seen_at, created_at) >= now() - interval '30 days') as "signedIn"`,
);

/** Payments that came in the range, those with a receipt, and those made through the provider. $1 since, $2 until. */
export const RECEIPTS = statement(
  'kpi-receipts',
  `select count(*)::int as payments, count(r.id)::int as receipts, count(*) filter (where p.provider = 'stripe')::int as online
     from payment p left join receipt r on r.payment_id = p.id
    where p.state = 'succeeded' and p.settled_at >= $1::timestamptz and p.settled_at < $2::timestamptz`,
);

/** Bookings that begin in the range while the same person is with another; the database refuses each. $1 since, $2 until. */
export const DOUBLE_BOOKINGS = statement(
  'kpi-double-bookings',
  `select count(*) filter (where "from" >= $1::timestamptz and "from" < taken_until)::int as double
     from (select lower(during) as "from", max(upper(during)) over (partition by resource_id order by during
                    rows between unbounded preceding and 1 preceding) as taken_until
             from allocation where active and upper(during) > $1::timestamptz and lower(during) < $2::timestamptz) a`,
);

/** Visits, customers who came and net revenue of the range and of as many days before. $1 since, $2 until, $3 since when that is. */
export const GROWTH = statement(
  'kpi-growth',
  `with visits as (
     select count(*) filter (where b.starts_at >= $1)::int as bookings, count(*) filter (where b.starts_at < $1)::int as "bookingsBefore",
            count(distinct b.customer_id) filter (where b.starts_at >= $1)::int as customers,
            count(distinct b.customer_id) filter (where b.starts_at < $1)::int as "customersBefore"
       from booking b where b.starts_at >= $3::timestamptz and b.starts_at < $2::timestamptz and ${VISIT}),
   money as (
     select coalesce(sum(minor) filter (where at >= $1), 0)::float8 as revenue, coalesce(sum(minor) filter (where at < $1), 0)::float8 as "revenueBefore"
       from ${MOVEMENTS} m where at >= $3 and at < $2)
   select * from visits, money`,
);

/** How often each outcome came on the routes a pattern names. $1 first day, $2 last day, $3 method or null, $4 pattern of the route. */
export const OUTCOMES_OF_ROUTES = statement(
  'kpi-outcomes-of-routes',
  `select outcome, sum(requests)::float8 as requests from request_tally
    where day between $1::date and $2::date and ($3::text is null or method = $3) and route like $4 group by 1 order by 2 desc, 1`,
);
