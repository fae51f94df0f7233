import { statement } from '../database/statement.js';

export const AUDIT_INSERT = statement(
  'audit-insert',
  `insert into audit_log (id, actor_kind, actor_id, action, subject_kind, subject_id, request_id, details)
   values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
);

export const AUDIT_ENSURE_MONTHS = statement(
  'audit-ensure-months',
  `select audit_log_ensure_month(current_date), audit_log_ensure_month((current_date + interval '1 month')::date)`,
);

/**
 * Newest first. A cursor says its instant in milliseconds, the log keeps microseconds: so the cursor's own row is looked up
 * for the rest, and no neighbour within the millisecond is skipped or shown twice. Where the row is gone, with its month,
 * nothing older is left. $1 action, $2 actor, $3 subject, $4 from, $5 before, each null for all; $6 and $7 the cursor's
 * instant and id; $8 rows.
 */
export const AUDIT_LIST = statement(
  'audit-list',
  `with last as (select id, at from audit_log
                  where id = $7::uuid and at >= $6::timestamptz and at < $6::timestamptz + interval '1 millisecond')
   select id, floor(extract(epoch from at) * 1000)::float8 as at_ms, actor_kind, actor_id, action, subject_kind, subject_id,
          request_id, details
     from audit_log
    where ($1::text is null or action = $1) and ($2::uuid is null or actor_id = $2) and ($3::uuid is null or subject_id = $3)
      and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
      and ($7::uuid is null or (at <= (select at from last) and (at, id) < (select at, id from last)))
    order by at desc, id desc limit $8`,
);

/** $1 customer. What they did and what was done about them; ids of others are not theirs. */
export const AUDIT_EXPORT = statement(
  'audit-export',
  `select jsonb_build_object('at', at, 'action', action, 'actor_kind', actor_kind, 'subject_kind', subject_kind, 'details', details) as row
     from audit_log where subject_id = $1 or actor_id = $1 order by at, id`,
);

/** $1 months. Whole months, in real time as the log is written. */
export const AUDIT_PAST_COUNT = statement(
  'audit-past-count',
  'select count(*)::int as rows from audit_log_old_months($1)',
);

/** Dropping a month needs its owner, so a function of theirs does it, by the rule in the database. */
export const AUDIT_PAST_DROP = statement('audit-past-drop', 'select audit_log_drop_old_months() as rows');
