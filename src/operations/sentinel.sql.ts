import { statement } from '../database/statement.js';

/** $1 name, $2 how many rows break it, $3 ids of some of them, $4 how long it took in ms. */
export const INVARIANT_CHECKED = statement(
  'invariant-checked',
  `insert into invariant_check as i (name, checked_at, took_ms, broken, sample, broken_since)
   values ($1, now(), $4, $2, $3::jsonb, case when $2 > 0 then now() end)
   on conflict (name) do update set checked_at = excluded.checked_at, took_ms = excluded.took_ms, broken = excluded.broken,
      sample = excluded.sample, broken_since = case when excluded.broken > 0 then coalesce(i.broken_since, excluded.broken_since) end`,
);

/** $1 names that are still proven: what an earlier version proved besides tells nothing any more. */
export const INVARIANTS_FORGET = statement(
  'invariants-forget',
  'delete from invariant_check where name <> all($1::text[])',
);
