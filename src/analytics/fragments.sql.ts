import { statement } from '../database/statement.js';

/** Parts of the reports' statements. `$1` to `$4` are the same in all of them: since, until, staff or null, service or null. */

/** Whose bookings, by person and service. */
export const OF_WISHED = `($3::uuid is null or b.resource_id = $3) and ($4::uuid is null or b.service_id = $4)`;

/** Bookings whose visit begins in the range. */
export const IN_RANGE = `b.starts_at >= $1::timestamptz and b.starts_at < $2::timestamptz and ${OF_WISHED}`;

/** A visit that took place, is to, or should have: a booking that stands and was not called off. */
export const VISIT = `b.status in ('confirmed', 'completed', 'no_show')`;

/** A customer called it off after it was too late to do so for nothing. */
export const LATE_CANCELLATION = `b.status = 'cancelled' and b.cancelled_by = 'customer' and b.cancelled_late`;

/** Whose money `m`, by its booking's person and service. No booking is looked for when everybody's count. */
export const MONEY_OF_WISHED = `(($3::uuid is null and $4::uuid is null) or exists (select from booking b where b.id = m.booking_id and ${OF_WISHED}))`;

/** The first local midnight of the period an instant lies in. */
export function periodOf(instant: string, zone: string, unit: string): string {
  return `date_trunc(${unit}::text, ${instant} at time zone ${zone}::text)`;
}

/** A period by its first local date. */
export const asDate = (period: string): string => `to_char(${period}, 'YYYY-MM-DD')`;

/**
 * Every movement of money that is the salon's, one row each, signed, at the app time it happened: what came and counts, what went
 * back, and what a lost dispute took. Money that does not fit (quarantined) was never the salon's, nor is its way back: a payment of
 * which something went back either succeeded or is quarantined (payment_refunds_only_what_came), and there are few of these.
 */
export const MOVEMENTS = `(
     select booking_id, customer_id, settled_at as at, 'captured' as kind, coalesce(strange_minor, amount_minor) as minor
       from payment where state = 'succeeded'
      union all
     select booking_id, customer_id, settled_at, 'refunded', -amount_minor
       from refund where state = 'succeeded' and payment_id not in (select id from payment where state = 'quarantined')
      union all
     select booking_id, customer_id, disputed_at, 'lost', refunded_minor - coalesce(strange_minor, amount_minor)
       from payment where state = 'succeeded' and dispute_state = 'lost')`;

/**
 * Until its transaction ends: a second process reads beside the first where rows are many and narrow. For reports that spend their time on single rows;
 * where rows are joined or put together, handing them over costs more than it gains.
 */
export const SIDE_BY_SIDE = statement(
  'for-reports-side-by-side',
  `select set_config('max_parallel_workers_per_gather', '1', true), set_config('parallel_setup_cost', '100', true),
          set_config('parallel_tuple_cost', '0.001', true)`,
);

/**
 * Until its transaction ends. A report reads whole tables at once: what it sorts and joins stays in memory, and a plan for the days and people that
 * are asked for is worth the making, unlike one for whatever might be.
 */
export const FOR_REPORTS = statement(
  'for-reports',
  `select set_config('work_mem', '64MB', true), set_config('plan_cache_mode', 'force_custom_plan', true)`,
);
