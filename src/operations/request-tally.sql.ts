import { statement } from '../database/statement.js';

/** $1 list of { method, route, outcome, requests }, for today. In one order everywhere, so that processes do not deadlock. */
export const TALLY_ADD = statement(
  'tally-add',
  `insert into request_tally as t (day, method, route, outcome, requests)
   select (app_now() at time zone (select time_zone from business))::date, method, route, outcome, requests
     from jsonb_to_recordset($1::jsonb) as r(method text, route text, outcome text, requests bigint)
    order by method, route, outcome
   on conflict (day, method, route, outcome) do update set requests = t.requests + excluded.requests`,
);

/** Older than any report asks for. */
export const TALLY_PRUNE = statement(
  'tally-prune',
  `delete from request_tally where day < (app_now() at time zone 'UTC')::date - 1500`,
);
