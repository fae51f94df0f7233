import type { calendar_v3 } from '@googleapis/calendar';
import { isUuid } from '../../common/ids.js';
import { parseInstant } from '../../common/time/parse-instant.js';
import { dayBounds } from '../../common/time/zoned-time.js';
import { isLocalDate } from '../../common/time/local-date.js';
import { eventIdOf } from './desired-event.js';
import type { SeenEvent } from '../calendar.gateway.js';

/** What is asked of an event: never what it is called or says. */
export const SEEN_FIELDS =
  'nextPageToken,nextSyncToken,items(id,etag,status,start,end,transparency,extendedProperties/private)';

/** An event of a list in our words; a whole day is one of the zone the salon keeps. */
export function seenEventOf(event: calendar_v3.Schema$Event, timeZone: string): SeenEvent | null {
  if (!event.id) return null;
  const [start, end] = [instantOf(event.start, timeZone), instantOf(event.end, timeZone)];
  const marks = event.extendedProperties?.private ?? {};
  const isCancelled = event.status === 'cancelled';
  return {
    id: event.id,
    etag: event.etag ?? '',
    isCancelled,
    during: start && end && start < end ? { start, end } : null,
    takesTime: !isCancelled && event.transparency !== 'transparent',
    bookingId: bookingOf(event.id, marks['lawreiBooking']),
    written: writtenOf(marks),
    hash: marks['hash'] ?? null,
  };
}

/** Whoever copies an event of ours copies its marks too; the copy is theirs. */
function bookingOf(eventId: string, mark: string | undefined): string | null {
  return isUuid(mark) && eventIdOf(mark) === eventId ? mark : null;
}

/** The time and the revision that we wrote last into an event of ours; whoever dragged it left these marks as they were. */
function writtenOf(marks: Readonly<Record<string, string>>): SeenEvent['written'] {
  const [start, end] = [parseInstant(marks['lawreiStart'] ?? ''), parseInstant(marks['lawreiEnd'] ?? '')];
  const revision = Number(marks['rev']);
  return start && end && Number.isSafeInteger(revision) ? { start, end, revision } : null;
}

function instantOf(time: calendar_v3.Schema$EventDateTime | undefined, timeZone: string): Date | null {
  if (time?.dateTime) return parseInstant(time.dateTime);
  return time?.date && isLocalDate(time.date) ? dayBounds(time.date, timeZone).start : null;
}
