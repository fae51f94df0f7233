import { statement } from '../database/statement.js';

/**
 * Who acts in a session, if it stands: not revoked, not expired, its account not disabled, its customer not erased, its
 * manage link not revoked. Sessions live in real time, links in app time, since a link ends with the appointment.
 * `unseen` says that `last_seen_at` is old enough to be written again. $1 session.
 */
export const SESSION_ACTOR = statement(
  'session-actor',
  `select s.kind, coalesce(s.account_id, s.customer_id, s.booking_id) as subject, a.role, a.resource_id,
          coalesce(s.last_seen_at < now() - interval '5 minutes', true) as unseen,
          coalesce(s.proven_at > now() - interval '10 minutes', false) as fresh,
          (extract(epoch from s.history_from) * 1000)::float8 as history_from_ms
     from session s
     left join account a on a.id = s.account_id
     left join customer c on c.id = s.customer_id
     left join manage_link l on l.id = s.manage_link_id
    where s.id = $1 and s.revoked_at is null and s.expires_at > now()
      and case s.kind when 'staff' then a.disabled_at is null
                      when 'customer' then c.erased_at is null and c.merged_into_id is null
                      when 'guest' then l.revoked_at is null and l.expires_at > app_now() end`,
);

/** $1 session. */
export const SESSION_SEEN = statement(
  'session-seen',
  'update session set last_seen_at = now() where id = $1',
);

/** $1 session. Ends it, and with it its refresh tokens. */
export const SESSION_REVOKE = statement(
  'session-revoke',
  'update session set revoked_at = now() where id = $1 and revoked_at is null returning id',
);

/** Ends every sign-in there is. */
export const REVOKE_ALL_SESSIONS = statement(
  'revoke-all-sessions',
  'update session set revoked_at = now() where revoked_at is null returning id',
);

/** $1 account. Ends every sign-in it has, and with them their refresh tokens. */
export const SESSIONS_REVOKE_OF_ACCOUNT = statement(
  'sessions-revoke-of-account',
  'update session set revoked_at = now() where account_id = $1 and revoked_at is null',
);

/** $1 customer, $2 the session that stays. Another contact is proven: whoever else is signed in has to prove themselves. */
export const SESSIONS_REVOKE_OTHERS = statement(
  'sessions-revoke-others',
  'update session set revoked_at = now() where customer_id = $1 and id <> $2 and revoked_at is null',
);

/** $1 session, $2 whether it is certain by now that the history is theirs. */
export const SESSION_PROVEN = statement(
  'session-proven',
  'update session set proven_at = now(), history_from = case when $2::boolean then null else history_from end where id = $1',
);

/** Locks the token's row: of two who bring it at once, the second sees what the first did. $1 hash. */
export const REFRESH_LOCK = statement(
  'refresh-lock',
  `select id, session_id, used_at is not null as used, coalesce(used_at > now() - interval '10 seconds', false) as just_used,
          expires_at > now() as fresh
     from refresh_token where token_hash = $1 for update`,
);

/** $1 id. */
export const REFRESH_USE = statement('refresh-use', 'update refresh_token set used_at = now() where id = $1');

/** $1 hash. Whether a successor that was given out is still unused. */
export const REFRESH_UNUSED = statement(
  'refresh-unused',
  'select id from refresh_token where token_hash = $1 and used_at is null',
);

/**
 * Counts one attempt before it is made, so that a hundred at once count as a hundred. From attempt $3 on each one blocks
 * the next for $4 seconds, doubling up to $5. No row back: blocked just now, and not counted. $1 key, $2 seconds after
 * which a quiet counter starts anew.
 */
export const COUNTER_TAKE = statement(
  'counter-take',
  `insert into security_counter as c (key, count, window_ends_at) values ($1, 1, now() + make_interval(secs => $2))
   on conflict (key) do update set
     count = case when c.window_ends_at <= now() then 1 else c.count + 1 end,
     window_ends_at = excluded.window_ends_at,
     blocked_until = case when c.window_ends_at > now() and c.count + 1 >= $3::int
       then now() + make_interval(secs => least($5::float8, $4::float8 * power(2, least(c.count + 1 - $3::int, 30)))) end
   where c.blocked_until is null or c.blocked_until <= now()
   returning count, greatest(0, ceil(extract(epoch from blocked_until - now())))::int as wait`,
);

/** $1 key. Whole seconds until the next attempt is heard. */
export const COUNTER_WAIT = statement(
  'counter-wait',
  `select greatest(1, ceil(extract(epoch from blocked_until - now())))::int as wait from security_counter where key = $1`,
);

/** $1 keys to forget, $2 keys to count one less. */
export const COUNTER_FORGIVE = statement(
  'counter-forgive',
  `with gone as (delete from security_counter where key = any($1::text[]))
   update security_counter set count = greatest(0, count - 1), blocked_until = null where key = any($2::text[])`,
);

/** Held while the first account is made: two processes that boot at once make one. */
export const ACCOUNT_LOCK = statement(
  'account-lock',
  `select pg_advisory_xact_lock(hashtext('lawrei/first-owner'))`,
);

/** Held while an account changes: whoever counts the owners that remain counts what is committed. */
export const OWNERS_LOCK = statement(
  'owners-lock',
  `select pg_advisory_xact_lock(hashtext('lawrei/owners'))`,
);

/** $1 booking. Ends every link to it, and with them the guests' sessions. */
export const LINK_REVOKE = statement(
  'link-revoke',
  'update manage_link set revoked_at = now() where booking_id = $1 and revoked_at is null',
);

/** $1 id, $2 booking, $3 customer, $4 hash, $5 until when. */
export const LINK_ADD = statement(
  'link-add',
  'insert into manage_link (id, booking_id, customer_id, token_hash, expires_at) values ($1, $2, $3, $4, $5)',
);

/** $1 hash. A link that still opens its booking. */
export const LINK_FIND = statement(
  'link-find',
  `select id, booking_id
     from manage_link where token_hash = $1 and revoked_at is null and expires_at > app_now()`,
);

/** Counters at rest, and sessions a month past their end, have told all they know. */
export const AUTH_PRUNE_COUNTERS = statement(
  'auth-prune-counters',
  'delete from security_counter where window_ends_at < now()',
);
export const AUTH_PRUNE_SESSIONS = statement(
  'auth-prune-sessions',
  `delete from session where id in (select id from session where expires_at < now() - interval '30 days' limit 1000)`,
);
