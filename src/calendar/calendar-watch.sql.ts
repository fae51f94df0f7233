import { statement } from '../database/statement.js';

/** The calendar that a channel tells of, and whether a reading is ordered that has not begun. $1 channel, $2 Google's id of what it watches. */
export const CALENDAR_OF_CHANNEL = statement(
  'calendar-of-channel',
  `select id, exists (select 1 from outbox_message o where o.lane = 'calendar' and o.handler = 'calendar.sync' and o.state = 'pending'
                         and o.payload ->> 'calendarId' = c.id::text) as is_ordered
     from calendar c where channel_id = $1 and channel_resource_id = $2`,
);

/** Calendars that nobody watches, or whose channel has lived seven tenths of its life. */
export const WATCH_DUE = statement(
  'calendar-watch-due',
  `select c.id, c.google_id, c.connection_id, k.source, k.refresh_token, k.state, coalesce(c.paused_until > now(), false) as paused,
          c.channel_id, c.channel_resource_id
     from calendar c join calendar_connection k on k.id = c.connection_id
    where k.state <> 'broken' and (c.paused_until is null or c.paused_until < now()) and (c.channel_renew_at is null or c.channel_renew_at < now())
    order by c.id limit 20`,
);

/** $1 calendar, $2 the old channel or null, $3 the new, $4 Google's id of what it watches, $5 its end. No row back: somebody was first. */
export const CHANNEL_SET = statement(
  'calendar-channel-set',
  `update calendar set channel_id = $3, channel_resource_id = $4, channel_expires_at = $5,
          channel_renew_at = now() + ($5::timestamptz - now()) * 0.7
    where id = $1 and channel_id is not distinct from $2::uuid returning 1`,
);

/** A channel could not be had: tried again after a while. $1 calendar. */
export const CHANNEL_LATER = statement(
  'calendar-channel-later',
  `update calendar set channel_renew_at = now() + interval '5 minutes' where id = $1`,
);
