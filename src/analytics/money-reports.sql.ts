import { statement } from '../database/statement.js';
import { asDate, IN_RANGE, MONEY_OF_WISHED, MOVEMENTS, periodOf } from './fragments.sql.js';

const PERIOD = periodOf('m.at', '$5', '$6');

/** Money that moved, by period. $5 zone, $6 unit. */
export const REVENUE = statement(
  'revenue-report',
  `select ${asDate(PERIOD)} as period, count(*) filter (where m.kind = 'captured')::int as payments,
          coalesce(sum(m.minor) filter (where m.kind = 'captured'), 0)::float8 as captured,
          coalesce(-sum(m.minor) filter (where m.kind = 'refunded'), 0)::float8 as refunded,
          coalesce(-sum(m.minor) filter (where m.kind = 'lost'), 0)::float8 as lost
     from ${MOVEMENTS} m where m.at >= $1::timestamptz and m.at < $2::timestamptz and ${MONEY_OF_WISHED} group by ${PERIOD} order by ${PERIOD}`,
);

/** Who tried to pay through the provider: it succeeded, is on its way, does not fit, or was declined. */
const ATTEMPTED = `m.provider = 'stripe' and (m.state in ('succeeded', 'processing', 'quarantined') or m.error_code is not null)`;

/**
 * Payments begun in the range that somebody tried to make and how many of them succeeded, by the last refusal of those that were declined
 * and not made good since; null for all others.
 */
export const ATTEMPTS = statement(
  'payment-attempts-report',
  `select case when m.state <> 'succeeded' then m.error_code end as code, count(*)::int as attempted,
          count(*) filter (where m.state = 'succeeded')::int as succeeded
     from payment m
    where m.created_at >= $1::timestamptz and m.created_at < $2::timestamptz and ${ATTEMPTED} and ${MONEY_OF_WISHED}
    group by 1 order by 2 desc, 1`,
);

/** What visits of the range that stand still have to bring; what was waived is not waited for. */
export const OUTSTANDING = statement(
  'outstanding-report',
  `select count(*)::int as bookings, coalesce(sum(b.total_minor - b.paid_minor), 0)::float8 as amount
     from booking b where ${IN_RANGE} and b.status in ('confirmed', 'completed') and not b.payment_waived and b.paid_minor < b.total_minor`,
);
