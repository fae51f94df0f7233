import { refuseGoogle } from './google-errors.js';
import { msOf, resource } from './google-events.js';
import type { Calendar, StoredEvent } from './google-store.js';
import type { HttpAnswer } from './http-call.js';

const DEFAULT_PAGE = 250;
const LARGEST_PAGE = 2_500;
/** What may not stand beside a sync token, by Google's own list. */
const NOT_WITH_TOKEN = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
];

/** Where a list goes on: changes after line `since`, from the `at`th of them; its sync token will say line `upTo`. */
interface Place {
  since: number;
  at: number;
  upTo: number;
}

/** `events.list`: everything, or what changed since a token. The next token stands on the last page alone. */
export function listEvents(calendar: Calendar, query: URLSearchParams, now: number): HttpAnswer {
  const syncToken = query.get('syncToken');
  if (syncToken !== null && NOT_WITH_TOKEN.some((name) => query.has(name))) return refuseGoogle('invalid');
  const place = placeOf(query.get('pageToken'), syncToken, now);
  if (!place) return syncToken === null ? refuseGoogle('invalid') : refuseGoogle('fullSyncRequired');
  if (syncToken !== null && place.since < calendar.oldestToken) return refuseGoogle('fullSyncRequired');
  const size = Math.min(Number(query.get('maxResults') ?? DEFAULT_PAGE) || DEFAULT_PAGE, LARGEST_PAGE);
  const all = matching(calendar, query, place.since);
  const shown = all.slice(place.at, place.at + size);
  const rest = all.length > place.at + size;
  const next = rest
    ? { nextPageToken: tokenOf({ ...place, at: place.at + size }) }
    : { nextSyncToken: tokenOf({ since: place.upTo, at: 0, upTo: 0 }) };
  const { summary, timeZone } = calendar;
  const head = { kind: 'calendar#events', etag: `"c${place.upTo}"`, summary, timeZone, accessRole: 'owner' };
  return { status: 200, json: { ...head, ...next, items: shown.map(shownInList) } };
}

/** A cancelled event tells little more than that it is. */
function shownInList(event: StoredEvent): Record<string, unknown> {
  const { id, etag, status } = event;
  return status === 'cancelled' ? { kind: 'calendar#event', id, etag, status } : resource(event);
}

function matching({ events }: Calendar, query: URLSearchParams, since: number): StoredEvent[] {
  const showsDeleted = since > 0 || query.get('showDeleted') === 'true';
  const [from, to] = ['timeMin', 'timeMax'].map((name) => Date.parse(query.get(name) ?? ''));
  return [...events.values()]
    .filter(({ seq, event }) => seq > since && (showsDeleted || event.status !== 'cancelled'))
    .map(({ event }) => event)
    .filter(({ start, end }) => !(Number(msOf(end)) <= Number(from)) && !(Number(msOf(start)) >= Number(to)));
}

function placeOf(pageToken: string | null, syncToken: string | null, now: number): Place | null {
  if (pageToken !== null) return read(pageToken);
  if (syncToken === null) return { since: 0, at: 0, upTo: now };
  const from = read(syncToken);
  return from && { since: from.since, at: 0, upTo: now };
}

function tokenOf({ since, at, upTo }: Place): string {
  return Buffer.from(`${since}.${at}.${upTo}`).toString('base64url');
}

function read(token: string): Place | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return parts && { since: Number(parts[1]), at: Number(parts[2]), upTo: Number(parts[3]) };
}
