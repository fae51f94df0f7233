import { overlapsAllocation } from '../database/allocated.sql.js';
import { statement } from '../database/statement.js';

/** What is needed to read a calendar. $1 calendar. */
export const CALENDAR_TO_READ = statement(
  'calendar-to-read',
  `select c.id, c.google_id, c.connection_id, k.source, k.refresh_token, k.state, coalesce(c.paused_until > now(), false) as paused,
          c.sync_token, c.generation, now()::text as started
     from calendar c join calendar_connection k on k.id = c.connection_id where c.id = $1`,
);

/**
 * The reading that began at a token ends at the next; no row back: another reading was first. $1 calendar, $2 the old token or null,
 * $3 the new, $4 whether everything was read.
 */
export const SYNC_ADVANCE = statement(
  'calendar-sync-advance',
  `update calendar set sync_token = $3, synced_at = now(), generation = generation + case when $4 then 1 else 0 end
    where id = $1 and sync_token is not distinct from $2 returning generation`,
);

/** The token is worth nothing any more: the next reading begins anew. $1 calendar, $2 that token. */
export const SYNC_FORGET = statement(
  'calendar-sync-forget',
  'update calendar set sync_token = null where id = $1 and sync_token = $2',
);

/** Which of the events are ours. $1 calendar, $2 events. */
export const LINKS_OF_EVENTS = statement(
  'calendar-links-of-events',
  `select l.event_id, l.booking_id, l.suppressed, l.synced_hash as hash, b.status in ('confirmed', 'completed', 'no_show') as shown, b.ends_at > app_now() as ahead
     from calendar_link l join booking b on b.id = l.booking_id where l.calendar_id = $1 and l.event_id = any($2::text[])`,
);

/** Events of ours that a whole reading did not see though they stood there when it began. $1 calendar, $2 those seen, $3 its begin. */
export const LINKS_UNSEEN = statement(
  'calendar-links-unseen',
  `select l.booking_id from calendar_link l join booking b on b.id = l.booking_id
    where l.calendar_id = $1 and not l.suppressed and l.synced_at < $3::timestamptz and l.claim is null
      and b.status = 'confirmed' and b.ends_at > app_now() and not (l.event_id = any($2::text[]))`,
);

/** Calendars that were not read for too long, and that nobody is about to read. $1 for how many seconds at most. */
export const SYNC_DUE = statement(
  'calendar-sync-due',
  `select c.id from calendar c join calendar_connection k on k.id = c.connection_id
    where k.state <> 'broken' and (c.paused_until is null or c.paused_until < now())
      and (c.synced_at is null or c.synced_at < now() - make_interval(secs => $1))
      and not exists (select 1 from outbox_message o where o.handler = 'calendar.sync' and o.state in ('pending', 'claimed')
                         and o.payload ->> 'calendarId' = c.id::text)`,
);

/** What a person has to know of, once while it is open. $1 id, $2 booking, $3 calendar, $4 kind, $5 start, $6 end or null, $7 reason or null. */
export const CONFLICT_OPEN = statement(
  'calendar-conflict-open',
  `insert into calendar_conflict as c (id, booking_id, calendar_id, kind, starts_at, ends_at, reason, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, app_now())
   on conflict (booking_id, kind) where resolution is null do update
      set starts_at = excluded.starts_at, ends_at = excluded.ends_at, reason = excluded.reason, calendar_id = excluded.calendar_id`,
);

/** The newest card of a booking. $1 booking, $2 kind. */
export const CONFLICT_LATEST = statement(
  'calendar-conflict-latest',
  'select id from calendar_conflict where booking_id = $1 and kind = $2 order by created_at desc, id desc limit 1',
);

/** The newest open conflict of a kind ended. $1 booking, $2 kind, $3 how, $4 by whom or null. */
export const CONFLICT_END = statement(
  'calendar-conflict-end',
  `update calendar_conflict set resolution = $3, resolved_at = app_now(), resolved_by = $4
    where booking_id = $1 and kind = $2 and resolution is null returning id`,
);

/** Overlaps that are none any more: the booking moved or ended, or the other thing did. $1 calendar. */
export const OVERLAPS_GONE = statement(
  'calendar-overlaps-gone',
  `update calendar_conflict c set resolution = 'gone', resolved_at = app_now()
    where c.calendar_id = $1 and c.kind = 'overlap' and c.resolution is null and not exists (
      select 1 from external_busy b join allocation a on a.active and (b.resource_id is null or a.resource_id = b.resource_id)
         and ${overlapsAllocation('a', 'b.start_minute', 'b.end_minute')}
       where b.source_id = $1 and a.booking_id = c.booking_id)`,
);

/** How many events of ours somebody deleted in a calendar lately. $1 calendar. */
export const DELETED_LATELY = statement(
  'calendar-deleted-lately',
  `select count(*)::int as count from calendar_conflict
    where calendar_id = $1 and kind = 'deleted' and created_at > app_now() - interval '2 minutes'`,
);

/** Where a booking's event is, and whether somebody writes it just now. $1 booking, $2 calendar. */
export const EVENT_TO_LOOK_AT = statement(
  'calendar-event-to-look-at',
  `select c.id, c.google_id, c.connection_id, k.source, k.refresh_token, k.state, coalesce(c.paused_until > now(), false) as paused,
          l.event_id, l.suppressed, coalesce(l.claimed_until > now(), false) as busy
     from calendar_link l join calendar c on c.id = l.calendar_id join calendar_connection k on k.id = c.connection_id
    where l.booking_id = $1 and l.calendar_id = $2`,
);
