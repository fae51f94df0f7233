import { statement } from '../database/statement.js';

/** Which bookings stand in a calendar. A visit that took place stays there. */
const SHOWN = `('confirmed', 'completed', 'no_show')`;

/** The calendar that bookings with a person are written to: their own, or the salon's. */
const TARGET = `select c.id from calendar c where c.is_target and (c.resource_id = b.resource_id or c.resource_id is null)
  order by c.resource_id nulls last limit 1`;

/**
 * Where a booking's events are and should be, each with the consent it needs. $1 booking. `hash` is null where nothing is known of
 * the event; an `etag` says that there may be one.
 */
export const CALENDARS_OF_BOOKING = statement(
  'calendars-of-booking',
  `with target as (select t.id from booking b cross join lateral (${TARGET}) t where b.id = $1)
   select c.id, c.google_id, c.connection_id, k.source, k.refresh_token, k.state,
          coalesce(c.paused_until > now(), false) as paused, coalesce(c.id = (select id from target), false) as is_target,
          l.event_id, l.etag, l.synced_hash as hash, coalesce(l.suppressed, false) as suppressed
     from calendar c join calendar_connection k on k.id = c.connection_id
     left join calendar_link l on l.calendar_id = c.id and l.booking_id = $1
    where l.booking_id is not null or c.id = (select id from target)`,
);

/**
 * Takes the right to write a booking's event in a calendar; no row back: somebody else has it. From now on nothing is known of what
 * the event says. $1 booking, $2 calendar, $3 event, $4 the claim, $5 for how many ms of real time.
 */
export const LINK_CLAIM = statement(
  'calendar-link-claim',
  `insert into calendar_link as l (booking_id, calendar_id, event_id, etag, claim, claimed_until)
   values ($1, $2, $3, '?', $4, now() + make_interval(secs => $5::float8 / 1000))
   on conflict (booking_id, calendar_id) do update
      set claim = excluded.claim, claimed_until = excluded.claimed_until, etag = coalesce(l.etag, '?'), synced_hash = null
    where l.claim is null or l.claimed_until < now()
   returning 1`,
);

/** An event was written. $1 booking, $2 calendar, $3 the claim, $4 etag, $5 hash, $6 version of the booking. */
export const LINK_WRITTEN = statement(
  'calendar-link-written',
  `update calendar_link set claim = null, claimed_until = null, etag = $4, synced_hash = $5, booking_version = $6, synced_at = now()
    where booking_id = $1 and calendar_id = $2 and claim = $3 returning 1`,
);

/** An event was removed; that staff want none is remembered. $1 booking, $2 calendar, $3 the claim. */
export const LINK_REMOVED = statement(
  'calendar-link-removed',
  `with forgotten as (delete from calendar_link where booking_id = $1 and calendar_id = $2 and claim = $3 and not suppressed returning 1),
        kept as (update calendar_link set claim = null, claimed_until = null, etag = null, synced_hash = null
                  where booking_id = $1 and calendar_id = $2 and claim = $3 and suppressed returning 1)
   select 1 from forgotten union all select 1 from kept`,
);

/** There may be an event, and what it says is not known: it is written anew or taken away. $1 booking, $2 calendar, $3 event. */
export const LINK_DOUBT = statement(
  'calendar-link-doubt',
  `insert into calendar_link as l (booking_id, calendar_id, event_id, etag) select b.id, $2, $3, '?' from booking b where b.id = $1
   on conflict (booking_id, calendar_id) do update set synced_hash = null, etag = coalesce(l.etag, '?')`,
);

/** Gives the right to write back; what the event says stays unknown. $1 booking, $2 the claim. */
export const LINKS_RELEASE = statement(
  'calendar-links-release',
  'update calendar_link set claim = null, claimed_until = null where booking_id = $1 and claim = $2',
);

/** The booking changed, what its event says did not. $1 booking, $2 its version. */
export const LINKS_SEEN = statement(
  'calendar-links-seen',
  'update calendar_link set booking_version = $2 where booking_id = $1 and claim is null and synced_hash is not null and booking_version <> $2',
);

/** What the events of a customer's bookings say is to be written anew. $1 customer. */
export const LINKS_FORGET = statement(
  'calendar-links-forget',
  `update calendar_link l set synced_hash = null from booking b where b.id = l.booking_id and b.customer_id = $1 and l.etag is not null
   returning l.booking_id`,
);

/** Bookings of a customer that have an event and are not long over. $1 customer. */
export const EVENTS_OF_CUSTOMER = statement(
  'calendar-events-of-customer',
  `select distinct l.booking_id from calendar_link l join booking b on b.id = l.booking_id
    where b.customer_id = $1 and l.etag is not null and b.ends_at > app_now() - interval '7 days'`,
);

/** Staff want no event, or want one again. $1 booking, $2 calendar, $3 its id, $4 whether there is to be none. */
export const LINK_SUPPRESS = statement(
  'calendar-link-suppress',
  `insert into calendar_link as l (booking_id, calendar_id, event_id, suppressed) values ($1, $2, $3, $4)
   on conflict (booking_id, calendar_id) do update set suppressed = excluded.suppressed where l.suppressed <> excluded.suppressed`,
);

/** The first 500 bookings whose events may not say what they should, and that nobody is about to look at. */
export const OUT_OF_STEP = statement(
  'calendar-out-of-step',
  `select b.id from booking b left join lateral (${TARGET}) t on true
    where (b.id in (select booking_id from calendar_link where etag is not null and synced_hash is null and (claim is null or claimed_until < now()))
       or (b.ends_at > app_now() - interval '7 days' and ((b.status in ${SHOWN} and t.id is not null and not exists (
              select 1 from calendar_link l where l.booking_id = b.id and l.calendar_id = t.id
                 and (l.suppressed or (l.synced_hash is not null and l.booking_version = b.version))))
        or exists (select 1 from calendar_link l where l.booking_id = b.id
                      and case when b.status in ${SHOWN} and not l.suppressed then l.calendar_id is distinct from t.id else l.etag is not null end))))
      and not exists (select 1 from calendar_connection k join calendar c on c.connection_id = k.id where c.id = t.id and k.state = 'broken')
      and not exists (select 1 from outbox_message o where o.handler = 'calendar.reconcile' and o.state in ('pending', 'claimed')
                         and o.payload ->> 'bookingId' = b.id::text)
    order by b.starts_at limit 500`,
);

/** $1 calendar, $2 for how many ms of real time Google wants to be left alone. */
export const CALENDAR_PAUSE = statement(
  'calendar-pause',
  'update calendar set paused_until = now() + make_interval(secs => $2::float8 / 1000) where id = $1',
);

/**
 * An account that was broken is tried again, and its calendars are read anew from the beginning: what had been read before, and not
 * been looked at, was given up with it. $1 connection.
 */
export const CONNECTION_RETRY = statement(
  'calendar-connection-retry',
  `with tried as (update calendar_connection set state = 'ok', last_error = null, state_since = now() where id = $1 and state = 'broken' returning id)
   update calendar set sync_token = null where connection_id in (select id from tried)`,
);

/** The account of the environment and its calendar, made once. $1 connection, $2 calendar, $3 Google's id of it. Its row, when it is new. */
export const ENVIRONMENT_CONNECT = statement(
  'calendar-environment-connect',
  `with account as (
     insert into calendar_connection (id, source) values ($1, 'environment')
     on conflict (source) where source = 'environment' do update set source = excluded.source returning id)
   insert into calendar (id, connection_id, google_id, is_target)
   select $2, account.id, $3, not exists (select 1 from calendar where is_target and resource_id is null) from account
   on conflict (connection_id, google_id, resource_id) do nothing returning id`,
);

/**
 * An account that was connected by a click: made, or, where the same one is known, taken in again. $1 connection, $2 its token, $3 the
 * account, $4 its address, $5 calendar, $6 whose, or null. The calendar is null where the account has some already.
 */
export const ACCOUNT_CONNECT = statement(
  'calendar-account-connect',
  `with anew as (
     update calendar c set sync_token = null from calendar_connection k
      where k.id = c.connection_id and k.account_subject = $3 and k.state = 'broken'),
   account as (
     insert into calendar_connection (id, source, refresh_token, account_subject, account_email) values ($1, 'oauth', $2, $3, $4)
     on conflict (account_subject) do update set refresh_token = excluded.refresh_token, account_email = excluded.account_email,
            state = 'ok', last_error = null, state_since = now() returning id),
   made as (
     insert into calendar (id, connection_id, google_id, resource_id, is_target)
     select $5, account.id, $4, $6, not exists (select 1 from calendar where is_target and resource_id is not distinct from $6::uuid)
       from account where not exists (select 1 from calendar c where c.connection_id = account.id)
     on conflict do nothing returning id)
   select account.id as connection_id, (select id from made) as calendar_id from account`,
);

/** $1 connection, $2 its new state, $3 why, in plain words. A row back only when that is news. */
export const CONNECTION_STATE = statement(
  'calendar-connection-state',
  `update calendar_connection set state = $2, last_error = $3, state_since = now()
    where id = $1 and state <> $2 and not (state = 'broken' and $2 = 'degraded') returning 1`,
);

/** The calendar a booking is written to, and its event there. $1 booking. */
export const EVENT_OF_BOOKING = statement(
  'calendar-event-of-booking',
  `select t.id as calendar, c.google_id, l.event_id, case when l.etag is not null then l.synced_at end as synced_at
     from booking b left join lateral (${TARGET}) t on true left join calendar c on c.id = t.id
     left join calendar_link l on l.booking_id = b.id and l.calendar_id = t.id
    where b.id = $1`,
);
