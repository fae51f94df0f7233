import { statement } from '../database/statement.js';

/** $1 contact's hash. Challenges of one contact are counted one after the other, until their commit. */
export const CODE_LOCK_CONTACT = statement(
  'code-lock-contact',
  'select pg_advisory_xact_lock(hashtextextended($1, 43))',
);

/** $1 challenge. The same lock, for whoever knows only the challenge. */
export const CODE_LOCK = statement(
  'code-lock',
  'select pg_advisory_xact_lock(hashtextextended(contact_hash, 43)) from one_time_code where id = $1',
);

/**
 * A challenge, and whether a code is sent for it. Beyond a limit nothing is sent, and the challenge answers to the code that
 * was sent last and is still good, so that nobody can keep a code from its owner by asking for others. The lock on the contact
 * is held, and the clock read after it: whoever waited comes after whoever did not. $1 id, $2 purpose, $3 channel, $4 contact,
 * $5 its hash, $6 network's hash, $7 session or null, $8 the contact it replaces or null, $9 most in 10 minutes to the contact,
 * $10 most a day, $11 of them from one network, $12 most an hour from one network, $13 most texts a day in all or null.
 */
export const CODE_ADD = statement(
  'code-add',
  `with clock as materialized (select clock_timestamp() as at),
   recent as (
     select contact_hash, network_hash, created_at, at from one_time_code, clock
      where is_sent and channel = $3 and created_at > at - interval '1 day' and (contact_hash = $5 or network_hash = $6)),
   counted as (
     select count(*) filter (where contact_hash = $5 and created_at > at - interval '10 minutes') < $9::int
        and count(*) filter (where contact_hash = $5) < $10::int
        and count(*) filter (where contact_hash = $5 and network_hash = $6) < $11::int
        and count(*) filter (where network_hash = $6 and created_at > at - interval '1 hour') < $12::int
        and ($13::int is null or (select count(*) from (select 1 from one_time_code
              where is_sent and channel = 'sms' and created_at > now() - interval '1 day' limit $13::int) t) < $13::int) as may
       from recent),
   last as (
     select id, expires_at from one_time_code
      where contact_hash = $5 and channel = $3 and purpose = $2 and session_id is not distinct from $7::uuid
        and is_sent and used_at is null and expires_at > now() and not (select may from counted)
      order by created_at desc limit 1)
   insert into one_time_code (id, purpose, channel, contact, contact_hash, network_hash, session_id, same_as_id, replaces, is_sent, created_at, expires_at)
   select $1, $2, $3, $4, $5, $6, $7::uuid, last.id, $8, counted.may, at, coalesce(last.expires_at, at + interval '5 minutes')
     from clock cross join counted left join last on true
   returning is_sent`,
);

/**
 * Counts a try before it is looked at, so that a hundred at once count as a hundred; no row back when there is nothing left to
 * try. Five for each challenge, 20 a day for a contact from one network, 100 a day for a contact in all: with six digits
 * that is a chance of 1 in 10 000 for whoever guesses all day. $1 challenge, $2 purpose, $3 session or null.
 */
export const CODE_TRY = statement(
  'code-try',
  `update one_time_code c set tries = tries + 1
    where id = $1 and purpose = $2 and session_id is not distinct from $3::uuid and used_at is null and expires_at > now()
      and tries < 5 and (is_sent or same_as_id is not null)
      and (select coalesce(sum(o.tries) filter (where o.network_hash = c.network_hash), 0) < 20 and coalesce(sum(o.tries), 0) < 100
             from one_time_code o where o.contact_hash = c.contact_hash and o.created_at > now() - interval '1 day')
   returning coalesce(same_as_id, id) as root, channel, contact, replaces`,
);

/** $1 the challenge a code was sent for, $2 the one it was proven with. No row back: somebody used the code already. */
export const CODE_USE = statement(
  'code-use',
  `with used as (update one_time_code set used_at = now() where id = $1 and used_at is null returning id),
   same as (update one_time_code set used_at = now() where id = $2 and id <> $1 and exists (select 1 from used))
   select id from used`,
);

/** $1 challenge. What is to be sent, while that is of use. */
export const CODE_TO_SEND = statement(
  'code-to-send',
  `select channel, contact, (extract(epoch from expires_at - now()) * 1000)::float8 as left_ms
     from one_time_code where id = $1 and is_sent and used_at is null and expires_at > now()`,
);

/** Contacts are forgotten a day later, when nothing is counted by them any more. */
export const CODE_PRUNE = statement(
  'code-prune',
  `delete from one_time_code where id in (select id from one_time_code where created_at < now() - interval '1 day' limit 1000)`,
);
