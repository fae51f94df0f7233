import { statement } from '../database/statement.js';

/**
 * Messages as one JSON list; one whose dedupe key exists adds nothing and comes not back. Whole milliseconds, because page
 * cursors have no more.
 */
export const MESSAGE_INSERT = statement(
  'message-insert',
  `insert into message (id, customer_id, booking_id, payment_id, refund_id, channel, family, class, to_address, to_hash, dedupe_key, revision, due_at,
          code_id, expires_at, instead_of_id, subject, body, automatic, requested_by, request_id, created_at)
   select id, "customerId", "bookingId", "paymentId", "refundId", channel, family, class, "to", "toHash", "dedupeKey", revision, "dueAt", "codeId", "expiresAt",
          "insteadOfId", subject, body, automatic, "requestedBy", "requestId", date_trunc('milliseconds', app_now())
     from jsonb_to_recordset($1::jsonb) as r(id uuid, "customerId" uuid, "bookingId" uuid, "paymentId" uuid, "refundId" uuid, "codeId" uuid, channel text,
          family text, class text, "to" text, "toHash" text, "dedupeKey" text, revision int, "dueAt" timestamptz, "expiresAt" timestamptz,
          "insteadOfId" uuid, subject text, body text, automatic boolean, "requestedBy" uuid, "requestId" text)
   on conflict on constraint message_dedupe_key_unique do nothing returning id`,
);

/** Which message goes first, where there is such a message. $1 ids, $2 the keys of those before them. */
export const MESSAGE_LINK = statement(
  'message-link',
  `update message set after_id = before.id from unnest($1::uuid[], $2::text[]) as r(id, after_key)
     join message before on before.dedupe_key = r.after_key where message.id = r.id`,
);

/** $1 ids, $2 reason. What was not begun yet is dropped. */
export const MESSAGE_SUPERSEDE = statement(
  'message-supersede',
  `update message set state = 'superseded', reason = $2, final_at = app_now() where id = any($1::uuid[]) and state = 'planned'`,
);

/** $1 channel, $2 contact's hash, $3 reason: what was not begun. Reminders stay: their begin sends an e-mail instead. */
export const MESSAGE_SUPERSEDE_CONTACT = statement(
  'message-supersede-contact',
  `update message set state = 'superseded', reason = $3, final_at = app_now()
    where channel = $1 and to_hash = $2 and state = 'planned' and direction = 'out' and class <> 'reminder'`,
);

/** $1 channel, $2 contact's hash, $3 reason: what was in flight when the contact opted out. */
export const MESSAGE_FLAG_IN_FLIGHT = statement(
  'message-flag-in-flight',
  `update message set flagged_at = coalesce(flagged_at, app_now()), reason = $3
    where channel = $1 and to_hash = $2 and state in ('submitting', 'unknown')`,
);

/** $1 contact's hash. Begins and opt-outs of one contact come one after the other, until their commit. */
export const CONTACT_LOCK = statement(
  'contact-lock',
  `select pg_advisory_xact_lock(hashtextextended($1, 42))`,
);

/** $1 booking. Its state stays as read until the transaction ends. */
export const BOOKING_LOCK_SHARED = statement(
  'booking-lock-shared',
  `select 1 from booking where id = $1 for share`,
);

/**
 * The begin of an attempt in one statement, which asks everything again: state, due time, expiry, booking, STOP, consent, quiet
 * hours. No row back means that something changed. $1 message, $2 booking's status, $3 its revision, $4 purpose of consent or
 * null, $5 what no word about it means, $6 bound by quiet hours, $7 zone, $8 from, $9 to, $10 body, $11 hash, $12 segments,
 * $13 subject, $14 attempt, $15 booking's version, of which the text was written, $16 customer whose contact of today it goes to, or null,
 * $17 how many automatic texts its number may have got within 24 h of real time, or null.
 */
export const MESSAGE_BEGIN = statement(
  'message-begin',
  `with begun as (
     update message m set state = 'submitting', body = $10, body_hash = $11, segments = $12, subject = $13,
           reason = case when m.flagged_at is not null then m.reason end
      where m.id = $1 and m.state = 'planned' and m.due_at <= app_now() and app_now() < m.expires_at
        and (m.booking_id is null or exists (select 1 from booking b where b.id = m.booking_id and b.status = $2 and b.revision = $3 and b.version = $15))
        and ($16::uuid is null or exists (select 1 from customer c
              where c.id = $16 and m.to_address = case m.channel when 'sms' then c.phone else c.email end))
        and ($17::int is null or $17 > (select count(*) from message n join message_attempt a on a.message_id = n.id
              where n.to_hash = m.to_hash and n.channel = 'sms' and n.automatic and a.started_at > now() - interval '24 hours'
                and a.outcome is distinct from 'refused'))
        and (m.channel <> 'sms' or not exists (select 1 from opt_out o
              where o.channel = 'sms' and o.contact_hash = m.to_hash and o.lifted_at is null))
        and ($4::text is null or m.customer_id is null or coalesce((select c.granted from consent c
              where c.customer_id = m.customer_id and c.purpose = $4 order by c.at desc, c.id desc limit 1), $5::boolean))
        and (not $6::boolean or ((app_now() at time zone $7::text)::time >= $8::time and (app_now() at time zone $7::text)::time < $9::time))
     returning m.id, m.customer_id, m.channel)
   insert into message_attempt (id, message_id, customer_id, channel, number, started_at)
   select $14::uuid, id, customer_id, channel,
          1 + coalesce((select max(a.number) from message_attempt a where a.message_id = begun.id), 0), clock_timestamp()
     from begun returning id`,
);

/**
 * `Message.moveTo` in SQL, for news that all is well: $1 message, $2 the provider's id, $3 state, $4 states that it changes, $5 whether the
 * provider has it, $6 whether that is the end.
 */
const FOUND = `select id from message where id = $1 and direction = 'out' and coalesce(provider_id = $2, true) for update`;
const MOVED = `provider_id = $2, state = case when m.state = any($4) then $3 else m.state end,
          accepted_at = case when m.state = any($4) and $5 then coalesce(m.accepted_at, app_now()) else m.accepted_at end,
          final_at = case when m.state = any($4) then case when $6 then app_now() end else m.final_at end,
          reason = case when m.state = any($4) and m.flagged_at is null then null else m.reason end,
          error_code = case when m.state = any($4) then null else m.error_code end`;

/**
 * A report of the provider, taken in once: as `FOUND` and `MOVED` have it, $7 id of the inbox row, $8 provider, $9 the event's id there. No
 * row back, and nothing done: it is about no message that it can only lead on.
 */
export const MESSAGE_REPORTED = statement(
  'message-reported',
  `with found as (${FOUND}),
   added as (
     insert into provider_event (id, provider, event_id, type) select $7, $8, $9, 'message.status' from found
     on conflict on constraint provider_event_once do nothing returning id),
   moved as (
     update message m set ${MOVED} from added where m.id = $1 and (m.state = any($4) or m.provider_id is null))
   select id from found`,
);

/**
 * The provider took it: message, attempt and effect end their part together. As `FOUND` and `MOVED` have it, $7 attempt, $8 effect, $9 its
 * claim. No row back, and nothing done: one of them is not as it was left.
 */
export const MESSAGE_ACCEPTED = statement(
  'message-accepted',
  `with found as (${FOUND}),
   open as (select a.id from message_attempt a, found where a.id = $7 and a.message_id = found.id and a.finished_at is null for update of a),
   settled as (
     update outbox_message set state = 'done', lease_until = null, claimed_by = null, last_error = null, finished_at = now()
      where id = $8 and attempt = $9 and state = 'claimed' and exists (select from open) returning id),
   closed as (
     update message_attempt a set finished_at = clock_timestamp(), outcome = 'accepted', provider_id = $2 from settled where a.id = $7),
   moved as (update message m set ${MOVED} from settled where m.id = $1)
   select id from settled`,
);

/** $1 daily budget, $2 contact's hash. Texts of the last 24 h of real time: all, and the automatic ones to this number. */
export const SPEND_COUNTS = statement(
  'spend-counts',
  `select (select count(*)::int from (select 1 from message_attempt where channel = 'sms' and started_at > now() - interval '24 hours'
              and outcome is distinct from 'refused' limit $1) spent) as spent,
          (select count(*)::int from message m join message_attempt a on a.message_id = m.id
            where m.to_hash = $2 and m.channel = 'sms' and m.automatic and a.started_at > now() - interval '24 hours'
              and a.outcome is distinct from 'refused') as to_number`,
);

/** $1 ids of the provider: which of them belong to a message of ours already. */
export const KNOWN_PROVIDER_IDS = statement(
  'known-provider-ids',
  `select provider_id from message where provider_id = any($1::text[])`,
);

/** Taken 15 minutes to a day ago and still without an end: the provider is asked. */
export const MESSAGE_WITHOUT_END = statement(
  'message-without-end',
  `select id, to_char(app_now() at time zone 'UTC', 'YYYYMMDDHH24') as hour from message
    where channel = 'sms' and final_at is null and provider_id is not null and state in ('queued', 'accepted', 'sending', 'sent')
      and accepted_at between app_now() - interval '24 hours' and app_now() - interval '15 minutes' limit 200`,
);

/** Begun long ago, and no effect is left that would find out what became of it (a test text whose process died). */
export const MESSAGE_ORPHANED = statement(
  'message-orphaned',
  `select m.id, to_char(app_now() at time zone 'UTC', 'YYYYMMDDHH24') as hour from message m
    where m.final_at is null and m.state in ('submitting', 'unknown')
      and exists (select 1 from message_attempt a where a.message_id = m.id and a.finished_at is null
                     and a.started_at < now() - interval '5 minutes')
      and not exists (select 1 from outbox_message o where o.topic in ('message.send', 'message.send-now') and o.state in ('pending', 'claimed')
                         and o.payload ->> 'messageId' = m.id::text) limit 200`,
);
