import { randomBytes } from 'node:crypto';
import { refuseGoogle } from './google-errors.js';
import type { Calendar, EventFields, EventTime, GoogleStore, StoredEvent } from './google-store.js';
import type { HttpAnswer, HttpCall } from './http-call.js';

/** base32hex, as Google asks for ids that a client makes up. */
const OWN_ID = /^[a-v0-9]{5,1024}$/;
const FIELDS = [
  'summary',
  'description',
  'location',
  'start',
  'end',
  'transparency',
  'visibility',
  'colorId',
  'attendees',
  'reminders',
  'extendedProperties',
] as const satisfies (keyof EventFields)[];

/** Who is told of what became of an event: whoever watches its calendar. */
export type Told = (calendarId: string) => void;

/** Events of one calendar as the API makes, changes and removes them. */
export class GoogleEvents {
  constructor(
    private readonly store: GoogleStore,
    private readonly tell: Told,
  ) {}

  insert(calendar: Calendar, call: HttpCall): HttpAnswer {
    const body = parsed(call);
    if (!body || !hasTimes(body)) return refuseGoogle('required');
    if (!isInOrder(body)) return refuseGoogle('timeRangeEmpty');
    const id = body.id ?? randomBytes(13).toString('hex');
    if (!OWN_ID.test(id)) return refuseGoogle('invalid');
    if (calendar.events.has(id)) return refuseGoogle('duplicate');
    this.keep(calendar, { ...picked(body), id, status: 'confirmed', sequence: 0 });
    return this.shown(calendar, id);
  }

  get(calendar: Calendar, id: string, call: HttpCall): HttpAnswer {
    const found = calendar.events.get(id)?.event;
    if (!found) return refuseGoogle('notFound');
    return call.headers['if-none-match'] === found.etag
      ? { status: 304 }
      : { status: 200, json: resource(found) };
  }

  /** Replaces everything a client may set. A cancelled event comes back to life this way. */
  update(calendar: Calendar, id: string, call: HttpCall): HttpAnswer {
    return this.change(calendar, id, call, (_, body) => {
      if (!hasTimes(body)) return null;
      const status = body.status === 'tentative' || body.status === 'cancelled' ? body.status : 'confirmed';
      return { ...picked(body), status };
    });
  }

  /** Merges objects, replaces lists. */
  patch(calendar: Calendar, id: string, call: HttpCall): HttpAnswer {
    return this.change(calendar, id, call, (event, body) => ({
      ...picked(event),
      ...picked(body),
      extendedProperties: {
        private: { ...event.extendedProperties?.private, ...body.extendedProperties?.private },
        shared: { ...event.extendedProperties?.shared, ...body.extendedProperties?.shared },
      },
      status: body.status ?? event.status,
    }));
  }

  remove(calendar: Calendar, id: string, call: HttpCall): HttpAnswer {
    const found = calendar.events.get(id)?.event;
    if (!found) return refuseGoogle('notFound');
    if (found.status === 'cancelled') return refuseGoogle('deleted');
    if (isStale(found, call)) return refuseGoogle('conditionNotMet');
    this.keep(calendar, { ...found, status: 'cancelled', sequence: found.sequence + 1 });
    return { status: 204 };
  }

  /** Writes it down and tells who watches; the caller has checked it. */
  keep(calendar: Calendar, event: Omit<StoredEvent, 'etag' | 'created' | 'updated'>): void {
    this.store.record({ kind: 'google.event', data: { calendarId: calendar.id, event } });
    this.tell(calendar.id);
  }

  private change(
    calendar: Calendar,
    id: string,
    call: HttpCall,
    changed: (event: StoredEvent, body: GivenEvent) => (EventFields & Pick<StoredEvent, 'status'>) | null,
  ): HttpAnswer {
    const found = calendar.events.get(id)?.event;
    if (!found) return refuseGoogle('notFound');
    if (isStale(found, call)) return refuseGoogle('conditionNotMet');
    const body = parsed(call);
    const next = body ? changed(found, body) : null;
    if (!next || !hasTimes(next)) return refuseGoogle('required');
    if (!isInOrder(next)) return refuseGoogle('timeRangeEmpty');
    this.keep(calendar, { ...next, id, sequence: found.sequence + 1 });
    return this.shown(calendar, id);
  }

  private shown(calendar: Calendar, id: string): HttpAnswer {
    const kept = calendar.events.get(id)?.event;
    return kept ? { status: 200, json: resource(kept) } : refuseGoogle('notFound');
  }
}

/** A body, with what a client may say beside the fields. */
type GivenEvent = EventFields & { id?: string; status?: StoredEvent['status'] };

function parsed(call: HttpCall): GivenEvent | null {
  const body: unknown = call.body === '' ? null : JSON.parse(call.body);
  return isEvent(body) ? body : null;
}

/** What is wrong inside stays with the event, as at Google; times are looked at one by one. */
function isEvent(body: unknown): body is GivenEvent {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function picked(from: EventFields): EventFields {
  return Object.fromEntries(
    FIELDS.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]),
  );
}

function isStale({ etag }: StoredEvent, { headers }: HttpCall): boolean {
  const wanted = headers['if-match'];
  return wanted !== undefined && wanted !== '*' && wanted !== etag;
}

function hasTimes({ start, end }: EventFields): boolean {
  return msOf(start) !== null && msOf(end) !== null;
}

function isInOrder({ start, end }: EventFields): boolean {
  return Number(msOf(start)) < Number(msOf(end));
}

/** Milliseconds since 1970, near enough to order by where a time has a zone and no offset; null where it is none. */
export function msOf(time: EventTime | undefined): number | null {
  const ms = Date.parse(time?.dateTime ?? time?.date ?? '');
  return Number.isNaN(ms) ? null : ms;
}

/** As the API shows an event. */
export function resource(event: StoredEvent): Record<string, unknown> {
  return {
    kind: 'calendar#event',
    eventType: 'default',
    iCalUID: `${event.id}@google.com`,
    htmlLink: `https://www.google.com/calendar/event?eid=${event.id}`,
    ...event,
  };
}
