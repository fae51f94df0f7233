import { overlapsAllocation } from '../database/allocated.sql.js';
import { statement } from '../database/statement.js';

/** $1 source, $2 whose time it tells of or null. */
export const SOURCE_ADD = statement(
  'busy-source-add',
  'insert into busy_source (id, resource_id) values ($1, $2) on conflict (id) do nothing',
);

export const SOURCE_REMOVE = statement('busy-source-remove', 'delete from busy_source where id = $1');

/** $1 source, $2 [{eventId, etag, start, end}] as JSON, $3 the reading's generation. */
export const BUSY_PUT = statement(
  'external-busy-put',
  `insert into external_busy as b (source_id, event_id, resource_id, etag, starts_at, ends_at, generation)
   select $1, e.event_id, s.resource_id, e.etag, e.starts_at, e.ends_at, $3
     from jsonb_to_recordset($2::jsonb) as e(event_id text, etag text, starts_at timestamptz, ends_at timestamptz), busy_source s
    where s.id = $1
   on conflict (source_id, event_id) do update
      set etag = excluded.etag, starts_at = excluded.starts_at, ends_at = excluded.ends_at, generation = excluded.generation`,
);

/** $1 source, $2 events. */
export const BUSY_DROP = statement(
  'external-busy-drop',
  'delete from external_busy where source_id = $1 and event_id = any($2::text[])',
);

/** What the newest whole reading did not see. $1 source, $2 its generation. */
export const BUSY_SWEEP = statement(
  'external-busy-sweep',
  'delete from external_busy where source_id = $1 and generation <> $2',
);

export const SOURCE_SYNCED = statement(
  'busy-source-synced',
  'update busy_source set synced_at = now() where id = $1',
);

/** Confirmed bookings that lie over what a source says, each once. $1 source, $2 events. */
export const BOOKINGS_UNDER = statement(
  'bookings-under-external-busy',
  `select distinct on (a.booking_id) a.booking_id as id, b.event_id, b.starts_at, b.ends_at
     from external_busy b join allocation a on a.active and (b.resource_id is null or a.resource_id = b.resource_id)
      and a.held_until is null and ${overlapsAllocation('a', 'b.start_minute', 'b.end_minute')}
    where b.source_id = $1 and b.event_id = any($2::text[]) and a.during && tstzrange(app_now(), null)
    order by a.booking_id, b.starts_at`,
);

/** Everybody whose time a source tells of. $1 source. */
export const RESOURCES_OF_SOURCE = statement(
  'resources-of-busy-source',
  'select r.id from busy_source s join resource r on s.resource_id is null or r.id = s.resource_id where s.id = $1 order by r.id',
);
