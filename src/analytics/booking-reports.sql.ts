import { overlapsAllocation } from '../database/allocated.sql.js';
import { statement } from '../database/statement.js';
import {
  asDate,
  IN_RANGE,
  LATE_CANCELLATION,
  MOVEMENTS,
  OF_WISHED,
  periodOf,
  VISIT,
} from './fragments.sql.js';

/** $5 zone, $6 unit. */
const PERIOD = periodOf('b.starts_at', '$5', '$6');

/**
 * Visits by weekday and hour of their start, by period, by how long before they were booked, and by who entered them; and the lead
 * time that half of them had, in hours. They are read once. $5 zone, $6 unit, $7 where buckets of lead times begin, in hours.
 */
export const PATTERNS = statement(
  'booking-patterns',
  `with visits as materialized (
     select date_trunc('hour', b.starts_at at time zone $5::text) as local, b.source,
            date_part('epoch', b.starts_at - b.created_at) / 3600 as lead
       from booking b where ${IN_RANGE} and ${VISIT}),
   starts as materialized (select local, count(*)::int as bookings from visits group by 1),
   hours as (
     select date_part('isodow', local)::int as weekday, date_part('hour', local)::int as hour, sum(bookings)::int as bookings
       from starts group by 1, 2),
   periods as (select ${asDate('date_trunc($6::text, local)')} as period, sum(bookings)::int as bookings from starts group by 1),
   leads as (select greatest(width_bucket(lead, $7::float8[]), 1) as bucket, count(*)::int as bookings from visits group by 1),
   sources as (select source, count(*)::int as bookings from visits group by 1)
   select count(*)::int as bookings, round((percentile_cont(0.5) within group (order by lead))::numeric, 2)::float8 as "medianLeadHours",
          coalesce((select jsonb_agg(to_jsonb(h) order by weekday, hour) from hours h), '[]') as hours,
          coalesce((select jsonb_agg(to_jsonb(p) order by period) from periods p), '[]') as periods,
          coalesce((select jsonb_agg(to_jsonb(l) order by bucket) from leads l), '[]') as leads,
          coalesce((select jsonb_agg(to_jsonb(s) order by bookings desc, source) from sources s), '[]') as sources
     from visits`,
);

/**
 * Each service's visits, their minutes, what came in for it, what was called off or missed, and the visits of as many days before.
 * $5 since when that earlier time counts.
 */
export const SERVICES = statement(
  'service-report',
  `with now_and_before as (
     select b.service_id, b.starts_at >= $1 as is_now, ${VISIT} as is_visit, b.status, extract(epoch from b.ends_at - b.starts_at) / 60 as minutes
       from booking b
      where b.starts_at >= $5::timestamptz and b.starts_at < $2::timestamptz and ${OF_WISHED}),
   booked as (
     select service_id, count(*) filter (where is_now and is_visit)::int as bookings,
            coalesce(sum(minutes) filter (where is_now and is_visit), 0)::int as minutes,
            count(*) filter (where is_now and status = 'cancelled')::int as cancellations,
            count(*) filter (where is_now and status = 'completed')::int as completed,
            count(*) filter (where is_now and status = 'no_show')::int as "noShows",
            count(*) filter (where not is_now and is_visit)::int as "bookingsBefore"
       from now_and_before group by 1),
   money as (
     select b.service_id, sum(m.minor)::float8 as revenue from ${MOVEMENTS} m join booking b on b.id = m.booking_id
      where m.at >= $1 and m.at < $2 and ${OF_WISHED} group by 1)
   select s.id as "serviceId", s.name, coalesce(b.bookings, 0) as bookings, coalesce(b.minutes, 0) as minutes,
          coalesce(b.cancellations, 0) as cancellations, coalesce(b.completed, 0) as completed, coalesce(b."noShows", 0) as "noShows",
          coalesce(b."bookingsBefore", 0) as "bookingsBefore", coalesce(m.revenue, 0) as revenue
     from service s left join booked b on b.service_id = s.id left join money m on m.service_id = s.id
    where s.active or b.service_id is not null or m.service_id is not null
    order by bookings desc, s.name, s.id`,
);

/** How visits ended: by period, where `staffId` is null, and by person, where `period` is. $5 zone, $6 unit. */
export const OUTCOMES = statement(
  'outcome-report',
  `select ${asDate('o.period')} as period, r.id as "staffId", r.name, o.completed, o."noShows", o."lateCancellations"
     from (select ${PERIOD} as period, b.resource_id, count(*) filter (where b.status = 'completed')::int as completed,
                  count(*) filter (where b.status = 'no_show')::int as "noShows",
                  count(*) filter (where ${LATE_CANCELLATION})::int as "lateCancellations"
             from booking b where ${IN_RANGE} and (b.status in ('completed', 'no_show') or ${LATE_CANCELLATION})
            group by grouping sets ((1), (2))) o
     left join resource r on r.id = o.resource_id order by o.period, r.name, r.id`,
);

/**
 * Bookable and booked minutes of each person and local day. Bookable: working time without time off and what is taken elsewhere.
 * Booked: what confirmed and completed visits that begin that day last, within working time or not. $1 windows as a list of
 * { staffId, day, start, end }, $2 days as a list of { day, start, end }, all in epoch minutes; $3 people, $4 whether gaps are
 * wanted.
 */
export const UTILIZATION = statement(
  'utilization-report',
  `with windows as (
     select "staffId" as staff_id, day, range_agg(int4range("start", "end")) as working
       from jsonb_to_recordset($1::jsonb) as w("staffId" uuid, day date, "start" int, "end" int) group by 1, 2),
   cells as (
     select s.id as staff_id, s.name, d.day, d."start", d."end", coalesce(w.working, '{}'::int4multirange) as working
       from resource s cross join jsonb_to_recordset($2::jsonb) as d(day date, "start" int, "end" int)
       left join windows w on w.staff_id = s.id and w.day = d.day
      where s.id = any($3::uuid[])),
   free as (
     select c.*, c.working - coalesce(taken.away, '{}'::int4multirange) as bookable
       from cells c left join lateral (
         select range_agg(int4range(start_minute, end_minute)) as away from (
           select start_minute, end_minute from time_off
            where resource_id = c.staff_id and end_minute > lower(c.working) and start_minute < upper(c.working)
            union all
           select start_minute, end_minute from external_busy
            where resource_id = c.staff_id and end_minute > lower(c.working) and start_minute < upper(c.working)
            union all
           select start_minute, end_minute from external_busy
            where resource_id is null and end_minute > lower(c.working) and start_minute < upper(c.working)) a
          where end_minute > start_minute) taken on true)
   select f.staff_id as "staffId", f.name, to_char(f.day, 'YYYY-MM-DD') as day,
          coalesce((select sum(upper(r) - lower(r)) from unnest(f.bookable) r), 0)::int as "bookableMinutes",
          coalesce((select sum(extract(epoch from b.ends_at - b.starts_at) / 60) from booking b
                     where b.resource_id = f.staff_id and b.status in ('confirmed', 'completed')
                       and b.starts_at >= to_timestamp(f."start"::float8 * 60) and b.starts_at < to_timestamp(f."end"::float8 * 60)), 0)::int as "bookedMinutes",
          case when $4 then coalesce((select jsonb_agg(jsonb_build_object('start', lower(g), 'end', upper(g)) order by lower(g))
                      from unnest(f.bookable - coalesce((
                        select range_agg(int4range(a.start_minute, a.end_minute)) from allocation a
                         where a.active and a.resource_id = f.staff_id and ${overlapsAllocation('a', 'lower(f.working)', 'upper(f.working)')}),
                        '{}'::int4multirange)) g
                     where upper(g) - lower(g) >= 30), '[]'::jsonb) else '[]'::jsonb end as gaps
     from free f order by f.name, f.staff_id, f.day`,
);
