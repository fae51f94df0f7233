import { statement } from '../database/statement.js';

/** Rows arrive as one JSON list; a dedupe key that is known already adds nothing. */
export const OUTBOX_INSERT_SELECT = `insert into outbox_message (id, topic, handler, payload, dedupe_key, lane, due_at, expires_at, request_id)
  select id, topic, handler, payload, "dedupeKey", lane, coalesce("dueAt", app_now()), "expiresAt", "requestId"
    from jsonb_to_recordset($1::jsonb) as r(id uuid, topic text, handler text, payload jsonb, "dedupeKey" text,
         lane text, "dueAt" timestamptz, "expiresAt" timestamptz, "requestId" text)`;

export const OUTBOX_ADD = statement(
  'outbox-add',
  `${OUTBOX_INSERT_SELECT} on conflict (dedupe_key) do nothing`,
);

/** $1 dedupe key. A dead effect is not waited for. */
export const OUTBOX_IS_OPEN = statement(
  'outbox-is-open',
  `select 1 from outbox_message where dedupe_key = $1 and state in ('pending', 'claimed')`,
);

const CLAIMED =
  'id, topic, handler, payload, payload_version, attempt, failures, lost_claims, request_id, lane';

const DUE = `state = 'pending' and due_at <= (select app_now()) and (retry_at is null or retry_at <= now())`;

/** As often as this an effect may have lost its claimers by chance. */
export const SUSPECT_AFTER = 3;
/** One that lost so many must be what they die of, even where machines go down every few seconds. */
const MOST_LOST_CLAIMS = 12;

const BEGIN = `state = 'claimed', attempt = attempt + 1, hinted_at = null, claimed_by = $2,
          lease_until = now() + make_interval(secs => $3 / 1000.0)`;

/**
 * Claims what is due, oldest first, in each lane as much as there is room; and, of those that lost so many claimers that they may be what takes
 * processes down, as many as are let in. Rows another claimer holds are skipped, so nobody waits. $1 lanes with their room, $2 claimer,
 * $3 lease in ms, $4 handlers this process has, $5 since how many seconds a row must be due, $6 how many suspects.
 */
export const OUTBOX_CLAIM = statement(
  'outbox-claim',
  `with rooms as materialized (select lane, room from jsonb_to_recordset($1::jsonb) as r(lane text, room int)),
   due as (
     select d.id from rooms r cross join lateral (
       select id from outbox_message
        where lane = r.lane and ${DUE} and lost_claims < ${SUSPECT_AFTER} and due_at <= (select app_now()) - make_interval(secs => $5)
          and handler = any($4)
        order by due_at, id limit r.room for update skip locked) d),
   suspects as (
     select id from outbox_message where ${DUE} and lost_claims >= ${SUSPECT_AFTER} and handler = any($4)
      order by due_at, id limit $6 for update skip locked)
   update outbox_message set ${BEGIN} where id = any(array(select id from due union all select id from suspects)) returning ${CLAIMED}`,
);

/** One row that somebody hinted at. $1 id, $2 claimer, $3 lease in ms, $4 handlers. No row back: it is another's, or not due any more. */
export const OUTBOX_CLAIM_ONE = statement(
  'outbox-claim-one',
  `update outbox_message set ${BEGIN} where id = $1 and ${DUE} and handler = any($4) returning ${CLAIMED}`,
);

/** Rows to hint at, oldest first, none of them suspect; a hint is good for 15 s, then it was lost. $1 most of each lane, $2 handlers, $3 lanes. */
export const OUTBOX_HINT = statement(
  'outbox-hint',
  `update outbox_message set hinted_at = now() where id = any(array(
     select d.id from unnest($3::text[]) as r(lane) cross join lateral (
       select id from outbox_message
        where lane = r.lane and ${DUE} and lost_claims < ${SUSPECT_AFTER} and handler = any($2) and (hinted_at is null or hinted_at < now() - interval '15 seconds')
        order by due_at, id limit $1 for update skip locked) d))
  returning id, attempt, lane`,
);

const IS_LAST = `lost_claims + 1 >= ${MOST_LOST_CLAIMS}`;

/**
 * Takes rows from claimers whose lease ran out. The first time the next one may have it at once; then it waits, longer each time, since
 * it may be what takes the processes down, and is buried in the end.
 */
export const OUTBOX_TAKE_BACK = statement(
  'outbox-take-back',
  `update outbox_message
      set lost_claims = lost_claims + 1, last_error = 'its handler never came to an end', lease_until = null, claimed_by = null,
          state = case when ${IS_LAST} then 'dead' else 'pending' end, finished_at = case when ${IS_LAST} then now() end,
          retry_at = case when lost_claims > 0 then now() + least(interval '1 minute', interval '1 second' * 2 ^ lost_claims) end
    where id = any(array(
      select id from outbox_message where state = 'claimed' and lease_until <= now() order by lease_until limit 200 for update skip locked))`,
);

/** $1 id, $2 attempt. No row back means that somebody else owns it now. */
export const OUTBOX_SETTLE = statement(
  'outbox-settle',
  `update outbox_message set state = 'done', lease_until = null, claimed_by = null, last_error = null, finished_at = now()
    where id = $1 and attempt = $2 and state = 'claimed' returning id`,
);

/** $3 app time of the next attempt, which is a fresh start. */
export const OUTBOX_POSTPONE = statement(
  'outbox-postpone',
  `update outbox_message set state = 'pending', failures = 0, lost_claims = 0, due_at = $3, retry_at = null, lease_until = null, claimed_by = null
    where id = $1 and attempt = $2 and state = 'claimed' returning id`,
);

/** $3 error, $4 dead or not, $5 wait in ms of real time, $6 whether it counts as a failure. */
export const OUTBOX_FAIL = statement(
  'outbox-fail',
  `update outbox_message set state = case when $4 then 'dead' else 'pending' end, failures = failures + $6, last_error = $3,
          retry_at = now() + make_interval(secs => $5 / 1000.0), lease_until = null, claimed_by = null,
          finished_at = case when $4 then now() end
    where id = $1 and attempt = $2 and state = 'claimed' returning id`,
);

/** Lets go of what this process claimed and did not begin. $1 ids. */
export const OUTBOX_RELEASE = statement(
  'outbox-release',
  `update outbox_message set state = 'pending', lease_until = null, claimed_by = null
    where id = any($1) and claimed_by = $2 and state = 'claimed'`,
);

/** Effects that expired before anybody came to them. */
export const OUTBOX_DROP_EXPIRED = statement(
  'outbox-drop-expired',
  `update outbox_message set state = 'done', finished_at = now(), last_error = 'expired before it was due to be done'
    where state = 'pending' and expires_at is not null and expires_at <= (select app_now())`,
);

/** $3 reason. Nobody does it until it is revived. */
export const OUTBOX_GIVE_UP = statement(
  'outbox-give-up',
  `update outbox_message set state = 'dead', last_error = $3, lease_until = null, claimed_by = null, finished_at = now()
    where id = $1 and attempt = $2 and state = 'claimed' returning id`,
);

/** $1 id. A dead row gets a fresh set of attempts. */
export const OUTBOX_REVIVE = statement(
  'outbox-revive',
  `update outbox_message set state = 'pending', failures = 0, lost_claims = 0, retry_at = null, due_at = least(due_at, app_now()),
          finished_at = null where id = $1 and state = 'dead' returning id`,
);

/** Milliseconds until the next row is due (app time) or may be tried again (real time), or null; each the head of an index. */
export const OUTBOX_NEXT_DUE = statement(
  'outbox-next-due',
  `select (extract(epoch from least(
     (select due_at from outbox_message where state = 'pending' and due_at > (select app_now()) order by due_at limit 1) - app_now(),
     (select retry_at from outbox_message where state = 'pending' and retry_at > now() order by retry_at limit 1) - now())) * 1000)::float8 as wait_ms`,
);

/** Done rows older than a week go; they have told all they know. */
export const OUTBOX_PRUNE = statement(
  'outbox-prune',
  `delete from outbox_message where id in (
     select id from outbox_message where state = 'done' and finished_at < now() - interval '7 days'
      order by finished_at limit 1000 for update skip locked)
   returning id`,
);

/** Deliveries of providers that are too old to come again. */
export const INBOX_PRUNE = statement(
  'inbox-prune',
  `delete from provider_event where id in (
     select id from provider_event where received_at < now() - interval '30 days' order by received_at limit 1000 for update skip locked)
   returning id`,
);

/** $1 name, $2 its interval in seconds, $3 what went wrong or null, $4 how long it took in ms. */
export const RECURRING_DONE = statement(
  'recurring-done',
  `insert into recurring_run as r (name, every_seconds, last_run_at, last_success_at, last_error, took_ms)
   values ($1, $2, now(), case when $3::text is null then now() end, $3, $4)
   on conflict (name) do update set every_seconds = excluded.every_seconds, last_run_at = excluded.last_run_at,
      last_success_at = coalesce(excluded.last_success_at, r.last_success_at), last_error = excluded.last_error, took_ms = excluded.took_ms`,
);
