import { overlapsAllocation } from '../database/allocated.sql.js';
import { statement } from '../database/statement.js';

/**
 * Busy minutes of each asked resource between two minutes, with the catalogue's revision and app time, in one
 * statement: allocations that count (no hold past its end), time off and what is taken elsewhere, as lists of starts and of ends in the same
 * order. $1 resources, $2 from, $3 to, $4 booking to leave out or null. One row for each resource even when it is free.
 */
export const BUSY = statement(
  'busy',
  `select r.id, b.catalog_revision::int as revision, app_clock_offset_ms()::float8 as offset_ms,
          (extract(epoch from now()) * 1000)::float8 as real_ms,
          a.starts as booked_starts, a.ends as booked_ends, t.starts as off_starts, t.ends as off_ends,
          coalesce(a.expired, false) as expired,
          (select extract(epoch from min(coalesce(synced_at, '1970-01-01Z'))) * 1000 from busy_source)::float8 as synced_ms
     from unnest($1::uuid[]) as r(id) cross join (select catalog_revision from business) b
     left join lateral (
       select array_agg(start_minute) filter (where live) as starts, array_agg(end_minute) filter (where live) as ends,
              bool_or(not live) as expired
         from (select start_minute, end_minute, held_until is null or held_until > app_now() as live from allocation al
                where active and resource_id = r.id and ${overlapsAllocation('al', '$2::int', '$3::int')}
                  and ($4::uuid is null or booking_id <> $4)) x) a on true
     left join lateral (
       select array_agg(start_minute) as starts, array_agg(end_minute) as ends
         from (select start_minute, end_minute from time_off where resource_id = r.id and end_minute > $2 and start_minute < $3
               union all
               select start_minute, end_minute from external_busy where resource_id = r.id and end_minute > $2 and start_minute < $3
               union all
               select start_minute, end_minute from external_busy where resource_id is null and end_minute > $2 and start_minute < $3) x) t on true`,
);

/** Frees what expired holds still occupy. $1 resource, $2 from and $3 to in minutes. The booking itself is the sweeper's. */
export const FREE_EXPIRED = statement(
  'free-expired-holds',
  `update allocation set active = false where id in (
     select id from allocation a where active and resource_id = $1 and ${overlapsAllocation('a', '$2::int', '$3::int')}
        and held_until <= app_now() order by id for update)`,
);

/** $1 booking. Its time is free again. */
export const RELEASE = statement(
  'release-allocations',
  `update allocation set active = false where booking_id = $1 and active`,
);

/** $1 id, $2 booking, $3 resource, $4 from and $5 to as instants, $6 held until or null. No row back: it is taken. */
export const CLAIM = statement(
  'claim-allocation',
  `insert into allocation (id, booking_id, resource_id, during, held_until)
   values ($1, $2, $3, tstzrange($4::timestamptz, $5::timestamptz), $6)
   on conflict on constraint allocation_no_overlap do nothing returning id`,
);

/** $1 booking. Its hold became firm. Returns the rows that still stand. */
export const MAKE_FIRM = statement(
  'make-allocations-firm',
  `update allocation set held_until = null where booking_id = $1 and active returning id`,
);

/** $1 booking, $2 minute at which its time ends. Somebody who did not come frees the rest. */
export const CUT = statement(
  'cut-allocations',
  `update allocation set during = tstzrange(lower(during), $2::timestamptz)
    where booking_id = $1 and active and lower(during) < $2::timestamptz and upper(during) > $2::timestamptz`,
);

/** $1 booking, $2 the later end of its hold. */
export const HOLD_UNTIL = statement(
  'lengthen-hold',
  `update allocation set held_until = $2 where booking_id = $1 and active and held_until is not null returning id`,
);

/** Whether somebody is off, or busy elsewhere, between two minutes. $1 resource, $2 from, $3 to. */
export const IS_AWAY = statement(
  'is-away',
  `select 1 from time_off where resource_id = $1 and end_minute > $2 and start_minute < $3
   union all
   select 1 from external_busy where (resource_id = $1 or resource_id is null) and end_minute > $2 and start_minute < $3 limit 1`,
);
