import type { EventView } from '../../src/sandbox/emulator/google-controls.js';
import type { Sql } from './own-database.js';

/** Where calendars and appointments differ, in words: each appointment is one event, each event of ours an appointment. */
export async function calendarFaults(sql: Sql, events: readonly EventView[]): Promise<string[]> {
  const bookings = await sql<{
    id: string;
    starts_at: string;
    ends_at: string;
    calendar: string;
    mark: string | null;
  }>(
    `select b.id, b.starts_at::text, b.ends_at::text, b.calendar_event_id as mark,
            (select google_id from calendar c where c.is_target and (c.resource_id = b.resource_id or c.resource_id is null)
              order by c.resource_id nulls last limit 1) as calendar
       from booking b where b.status in ('confirmed', 'completed')`,
  );
  const faults: string[] = [];
  const ours = Map.groupBy(
    events.filter(({ private: marks }) => marks['lawreiBooking'] !== undefined),
    ({ private: marks }) => String(marks['lawreiBooking']),
  );
  for (const { id, starts_at, ends_at, calendar, mark } of bookings) {
    const [event, ...more] = ours.get(id) ?? [];
    ours.delete(id);
    if (!event) faults.push(`booking ${id} is in no calendar`);
    else if (more.length > 0) faults.push(`booking ${id} is in ${more.length + 1} calendars`);
    else if (event.calendarId !== calendar) faults.push(`booking ${id} is in ${event.calendarId}`);
    else if (ms(event.start) !== ms(starts_at) || ms(event.end) !== ms(ends_at))
      faults.push(`booking ${id} is at ${starts_at}, its event at ${event.start}`);
    else if (mark !== event.id) faults.push(`booking ${id} does not name its event`);
  }
  for (const [id] of ours) faults.push(`an event of ${id}, which is no appointment`);
  return faults;
}

/** Milliseconds since 1970 of a time as Google or PostgreSQL writes it. */
export function ms(time: string): number {
  return Date.parse(time.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
}
