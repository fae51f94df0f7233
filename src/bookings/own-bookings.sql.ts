import { statement } from '../database/statement.js';

/**
 * How a customer stands with the salon, and the names that answers about them need, in one row. Holds that ran out were no
 * bookings; what was spent is what came and did not go back. $1 customer, $2 the beginning of what may be shown, or null.
 */
export const OWN_STANDING = statement(
  'own-standing',
  `with own as (
     select service_id, service_name, resource_id, status, hold_expires_at, starts_at, currency, paid_minor, refunded_minor
       from booking where customer_id = $1 and ($2::timestamptz is null or ends_at >= $2)),
   spent as (
     select currency, sum(paid_minor - refunded_minor)::int as "minor", count(*) filter (where paid_minor > refunded_minor)::int as "bookings"
       from own group by currency having sum(paid_minor - refunded_minor) > 0 order by currency),
   services as (
     select service_id as id, (array_agg(service_name order by starts_at desc))[1] as name, count(*)::int as visits
       from own where status = 'completed' group by service_id order by visits desc, max(starts_at) desc limit 1),
   people as (
     select r.id, r.name, count(*)::int as visits
       from own join resource r on r.id = own.resource_id where own.status = 'completed'
      group by r.id, r.name order by visits desc, max(own.starts_at) desc limit 1)
   select count(*) filter (where status <> 'expired' and not (status = 'held' and hold_expires_at <= app_now()))::int as total,
          count(*) filter (where status = 'completed')::int as completed,
          count(*) filter (where status = 'cancelled')::int as cancelled,
          count(*) filter (where status = 'no_show')::int as no_shows,
          (extract(epoch from min(starts_at) filter (where status = 'completed')) * 1000)::float8 as first_visit_ms,
          (extract(epoch from max(starts_at) filter (where status = 'completed')) * 1000)::float8 as last_visit_ms,
          (extract(epoch from min(starts_at) filter (where status = 'confirmed' and starts_at >= app_now())) * 1000)::float8 as next_visit_ms,
          coalesce((select jsonb_agg(to_jsonb(spent)) from spent), '[]') as spent,
          (select to_jsonb(services) from services) as favourite_service,
          (select to_jsonb(people) from people) as favourite_staff,
          coalesce((select jsonb_object_agg(r.id, r.name) from resource r where r.id in (select resource_id from own)), '{}') as names,
          (select jsonb_build_object('name', b.name, 'phone', b.phone, 'email', b.email, 'timeZone', b.time_zone) from business b) as salon
     from own`,
);
