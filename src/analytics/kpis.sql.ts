import { idOfAgo } from '../database/id-time.sql.js';
import { statement } from '../database/statement.js';

const THIRTY_DAYS_AGO = idOfAgo(30 * 86_400);

/** Customers who booked in the last thirty days of real time, customers who signed in to the portal in them, and conflicts of calendars now. */
export const LATELY = statement(
  'kpi-lately',
  `select (select count(*)::int from (select distinct customer_id from booking where id >= ${THIRTY_DAYS_AGO}) b) as booked,
          (select count(distinct customer_id)::int from session
            where kind = 'customer' and coalesce(last_seen_at, created_at) >= now() - interval '30 days') as "signedIn",
          (select count(*)::int from calendar_conflict where resolution is null) as "openConflicts"`,
);

/** How often each outcome came on the routes a pattern names. $1 first day, $2 last day, $3 method or null, $4 pattern of the route. */
export const OUTCOMES_OF_ROUTES = statement(
  'kpi-outcomes-of-routes',
  `select outcome, sum(requests)::float8 as requests from request_tally
    where day between $1::date and $2::date and ($3::text is null or method = $3) and route like $4 group by 1 order by 2 desc, 1`,
);
