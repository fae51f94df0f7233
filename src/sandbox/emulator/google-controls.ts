import { randomBytes } from 'node:crypto';
import { readFields, type Fields } from './control-fields.js';
import { SANDBOX_GOOGLE } from './credentials.js';
import type { GoogleEvents } from './google-events.js';
import type { Calendar, GoogleStore, StoredEvent } from './google-store.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { ControlHandler } from './provider.js';

export const TRANSPARENCIES = ['opaque', 'transparent'] as const;

/** An event after a person has done something to it. */
export interface CalendarOutcome {
  calendarId: string;
  eventId: string;
  status: string;
}

/** An event as the sandbox shows it. */
export interface EventView {
  calendarId: string;
  id: string;
  status: string;
  summary: string | null;
  description: string | null;
  location: string | null;
  start: string;
  end: string;
  timeZone: string | null;
  attendees: string[];
  transparency: string;
  etag: string;
  private: Record<string, string>;
}

/** There is no such calendar or event. */
class NoSuchThing extends Error {}

/** What people do in Google's own pages, and what Google does to a program by itself. */
export function googleControls(store: GoogleStore, events: GoogleEvents): Record<string, ControlHandler> {
  return { ...ofPeople(store, events), ...ofGoogle(store) };
}

function ofPeople(store: GoogleStore, events: GoogleEvents): Record<string, ControlHandler> {
  return {
    'POST /__google/calendars': telling((fields) => {
      const id = fields.text('id');
      store.record({
        kind: 'google.calendar',
        data: { id, summary: fields.optionalText('summary') ?? id, timeZone: 'UTC' },
      });
      return { calendarId: id };
    }),
    'POST /__google/create': telling((fields) => {
      const calendar = need(store, fields);
      const id = randomBytes(13).toString('hex');
      const transparency = fields.optionalOneOf('transparency', TRANSPARENCIES) ?? 'opaque';
      const summary = fields.optionalText('summary') ?? 'Private';
      events.keep(calendar, {
        id,
        ...timesOf(fields, null),
        summary,
        transparency,
        status: 'confirmed',
        sequence: 0,
      });
      return outcomeOf(calendar, id);
    }),
    'POST /__google/move': telling((fields) => {
      const [calendar, event] = needEvent(store, fields);
      events.keep(calendar, { ...event, ...timesOf(fields, event), sequence: event.sequence + 1 });
      return outcomeOf(calendar, event.id);
    }),
    'POST /__google/delete': telling((fields) => {
      const [calendar, event] = needEvent(store, fields);
      events.keep(calendar, { ...event, status: 'cancelled', sequence: event.sequence + 1 });
      return outcomeOf(calendar, event.id);
    }),
  };
}

function ofGoogle(store: GoogleStore): Record<string, ControlHandler> {
  const token = (fields: Fields) => fields.optionalText('refreshToken') ?? SANDBOX_GOOGLE.refreshToken;
  return {
    'POST /__google/forget-sync-tokens': telling((fields) => {
      const { id } = need(store, fields);
      store.record({ kind: 'google.sync-tokens-forgotten', data: { calendarId: id } });
      return { calendarId: id };
    }),
    'POST /__google/revoke': telling((fields) => {
      store.record({ kind: 'google.revoked', data: { refreshToken: token(fields) } });
      return { granted: false };
    }),
    'POST /__google/grant': telling((fields) => {
      store.record({ kind: 'google.granted', data: { refreshToken: token(fields) } });
      return { granted: true };
    }),
    'POST /__google/expire-access': telling((fields) => {
      store.record({ kind: 'google.access-expired', data: { refreshToken: token(fields) } });
      return { granted: true };
    }),
  };
}

/** Every event there is, cancelled ones left out, as a person leafing through the calendars sees them. */
export function eventViews(store: GoogleStore, since: number): EventView[] {
  return store
    .all()
    .flatMap((calendar) =>
      [...calendar.events.values()]
        .filter(({ seq, event }) => seq > since && event.status !== 'cancelled')
        .map(({ event }) => viewOf(calendar.id, event)),
    );
}

function viewOf(calendarId: string, event: StoredEvent): EventView {
  const { id, status, summary, description, location, start, end, attendees, etag } = event;
  return {
    ...{ calendarId, id, status, etag },
    summary: summary ?? null,
    description: description ?? null,
    location: location ?? null,
    start: start?.dateTime ?? start?.date ?? '',
    end: end?.dateTime ?? end?.date ?? '',
    timeZone: start?.timeZone ?? null,
    attendees: (attendees ?? []).map(({ email }) => email),
    transparency: event.transparency ?? 'opaque',
    private: event.extendedProperties?.private ?? {},
  };
}

function telling(act: (fields: Fields) => unknown): (call: HttpCall) => HttpAnswer {
  return (call) => {
    try {
      return { status: 200, json: act(readFields(JSON.parse(call.body || '{}'))) };
    } catch (error) {
      if (!(error instanceof NoSuchThing)) throw error;
      return { status: 404, json: { error: error.message } };
    }
  };
}

function need(store: GoogleStore, fields: Fields): Calendar {
  const id = fields.optionalText('calendarId') ?? SANDBOX_GOOGLE.calendarId;
  const calendar = store.calendar(id);
  if (!calendar) throw new NoSuchThing(`no calendar ${id}`);
  return calendar;
}

function needEvent(store: GoogleStore, fields: Fields): [Calendar, StoredEvent] {
  const calendar = need(store, fields);
  const id = fields.text('eventId');
  const event = calendar.events.get(id)?.event;
  if (!event || event.status === 'cancelled') throw new NoSuchThing(`no event ${id}`);
  return [calendar, event];
}

/** A day as it is, an instant with its offset; a zone the event had stays. */
function timesOf(fields: Fields, before: StoredEvent | null): Pick<StoredEvent, 'start' | 'end'> {
  const [start, end] = [fields.text('start'), fields.text('end')];
  if (!(Date.parse(start) < Date.parse(end)))
    throw new TypeError('start and end are times, one before the other');
  const zone = before?.start?.timeZone === undefined ? {} : { timeZone: before.start.timeZone };
  const timeOf = (text: string) => (text.includes('T') ? { dateTime: text, ...zone } : { date: text });
  return { start: timeOf(start), end: timeOf(end) };
}

function outcomeOf({ id: calendarId, events }: Calendar, eventId: string): CalendarOutcome {
  return { calendarId, eventId, status: events.get(eventId)?.event.status ?? 'gone' };
}
