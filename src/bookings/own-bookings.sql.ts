import { statement } from '../database/statement.js';

/**
 * How a customer stands with the salon, in one row. Holds that ran out were no bookings; what was spent is what came and did not
 * go back. $1 customer, $2 the beginning of what may be shown, or null.
 */
export const OWN_STANDING = statement(
  'own-standing',
  `with own as (
     select service_id, service_name, resource_id, status, hold_expires_at, starts_at, currency, paid_minor, refunded_minor
       from booking where customer_id = $1 and ($2::timestamptz is null or ends_at >= $2)),
   spent as (
     select currency, sum(paid_minor - refunded_minor)::int as "minor", count(*) filter (where paid_minor > refunded_minor)::int as "bookings"
       from own group by currency having sum(paid_minor - refunded_minor) > 0 order by currency),
   service as (
     select service_id as id, count(*)::int as visits
       from own where status = 'completed' group by service_id order by visits desc, max(starts_at) desc limit 1),
   person as (
     select resource_id as id, count(*)::int as visits
       from own where status = 'completed' group by resource_id order by visits desc, max(starts_at) desc limit 1)
   select count(*) filter (where status <> 'expired' and not (status = 'held' and hold_expires_at <= (select app_now())))::int as total,
          count(*) filter (where status = 'completed')::int as completed,
          count(*) filter (where status = 'cancelled')::int as cancelled,
          count(*) filter (where status = 'no_show')::int as no_shows,
          (extract(epoch from min(starts_at) filter (where status = 'completed')) * 1000)::float8 as first_visit_ms,
          (extract(epoch from max(starts_at) filter (where status = 'completed')) * 1000)::float8 as last_visit_ms,
          (extract(epoch from min(starts_at) filter (where status = 'confirmed' and starts_at >= (select app_now()))) * 1000)::float8
            as next_visit_ms,
          coalesce((select jsonb_agg(to_jsonb(spent)) from spent), '[]') as spent,
          (select jsonb_build_object('id', f.id, 'visits', f.visits, 'name',
                    (select o.service_name from own o where o.service_id = f.id and o.status = 'completed' order by o.starts_at desc limit 1))
             from service f) as favourite_service,
          (select jsonb_build_object('id', f.id, 'visits', f.visits, 'name', r.name)
             from person f join resource r on r.id = f.id) as favourite_staff,
          (select jsonb_build_object('name', b.name, 'phone', b.phone, 'email', b.email, 'timeZone', b.time_zone) from business b) as salon
     from own`,
);

/**
 * What is to come of a customer's, the soonest first, with the names of who will do it. $1 customer, $2 the only one who may be seen,
 * or null, $3 how many.
 */
export const OWN_UPCOMING = statement(
  'own-upcoming',
  `select b.*, r.name as staff_name
     from booking b join resource r on r.id = b.resource_id
    where b.customer_id = $1 and ($2::uuid is null or b.customer_id = $2) and b.starts_at >= (select app_now())
      and (b.status = 'confirmed' or (b.status = 'held' and b.hold_expires_at > (select app_now())))
    order by b.starts_at, b.id limit $3`,
);

/** The salon's zone, and the names of its people by their ids. $1 ids. */
export const STAFF_NAMES = statement(
  'staff-names',
  `select b.time_zone, coalesce((select jsonb_object_agg(r.id, r.name) from resource r where r.id = any ($1::uuid[])), '{}') as names
     from business b`,
);
