import type { Fault } from './faults.js';
import type { FaultDesk } from './fault-desk.js';
import { GoogleChannels } from './google-channels.js';
import { eventViews, googleControls } from './google-controls.js';
import { refuseGoogle, refuseGoogleWith } from './google-errors.js';
import { GoogleEvents } from './google-events.js';
import { GoogleOAuth } from './google-oauth.js';
import { GoogleStore, type Calendar } from './google-store.js';
import { listEvents } from './google-sync.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { Journal, JournalEntry } from './journal.js';
import type { ControlHandler, HttpProvider, StateFilter } from './provider.js';
import type { SandboxSettings } from './settings.js';

const API = '/calendar/v3/';
const CALENDAR = /^\/calendar\/v3\/calendars\/([^/]+)(\/events(?:\/([^/]+))?)?$/;
const CALENDAR_LIST = '/calendar/v3/users/me/calendarList';
const STOP = '/calendar/v3/channels/stop';

/** Google's Calendar API and its sign-in for programs, as the official client speaks with them. */
export class GoogleProvider implements HttpProvider {
  readonly name = 'google';
  readonly controls: Record<string, ControlHandler>;
  private readonly store: GoogleStore;
  private readonly events: GoogleEvents;
  private readonly channels: GoogleChannels;
  private readonly oauth: GoogleOAuth;
  private readonly signIn: Readonly<Record<string, (call: HttpCall) => HttpAnswer>>;

  constructor(journal: Journal, settings: SandboxSettings, desk: FaultDesk) {
    this.store = new GoogleStore(journal);
    this.channels = new GoogleChannels(this.store, settings, desk);
    this.events = new GoogleEvents(this.store, (calendarId) => this.channels.tell(calendarId));
    this.oauth = new GoogleOAuth(this.store);
    this.controls = googleControls(this.store, this.events);
    this.signIn = {
      'GET /o/oauth2/v2/auth': (call) => this.oauth.page(call),
      'POST /o/oauth2/approve': (call) => this.oauth.approve(call),
      'POST /token': (call) => this.oauth.token(call),
      'POST /revoke': (call) => this.oauth.revoke(call),
    };
  }

  owns(path: string): boolean {
    return path.startsWith(API) || path.startsWith('/o/oauth2/') || path === '/token' || path === '/revoke';
  }

  recipientOf(call: HttpCall): string | undefined {
    return calendarIdOf(call.path);
  }

  handle(call: HttpCall): HttpAnswer {
    if (!call.path.startsWith(API))
      return this.signIn[`${call.method} ${call.path}`]?.(call) ?? refuseGoogle('notFound');
    if (!this.oauth.isAuthentic(call)) return refuseGoogle('authError');
    if (call.path === STOP) return this.channels.stop(call);
    if (call.path === CALENDAR_LIST) return this.list();
    const [, , isEvents, eventId] = CALENDAR.exec(call.path) ?? [];
    const calendar = this.store.calendar(calendarIdOf(call.path) ?? '');
    if (!calendar) return refuseGoogle('notFound');
    if (isEvents === undefined) return { status: 200, json: shown(calendar) };
    if (eventId === undefined) return this.ofList(calendar, call);
    if (eventId === 'watch') return this.channels.watch(calendar, call);
    return this.ofEvent(calendar, decodeURIComponent(eventId), call);
  }

  refusal(status: number, fault: Fault): HttpAnswer {
    return fault.reason === undefined ? refuseGoogleWith(status) : refuseGoogle(fault.reason, status);
  }

  replay(entry: JournalEntry): void {
    this.store.replay(entry);
  }

  resume(): void {
    // Pushes that were under way are lost, as some of Google's are.
  }

  /** Events have no recipient: none are shown when one is asked for. */
  snapshot({ to, since }: StateFilter) {
    return {
      events: to === undefined ? eventViews(this.store, since) : [],
      channels: [...this.store.channels.values()],
    };
  }

  reset(): void {
    this.channels.stopAll();
    this.store.clear();
  }

  private list(): HttpAnswer {
    return { status: 200, json: { kind: 'calendar#calendarList', items: this.store.all().map(shown) } };
  }

  private ofList(calendar: Calendar, call: HttpCall): HttpAnswer {
    if (call.method === 'POST') return this.events.insert(calendar, call);
    return call.method === 'GET'
      ? listEvents(calendar, call.query, this.store.lastSeq)
      : refuseGoogle('notFound');
  }

  private ofEvent(calendar: Calendar, id: string, call: HttpCall): HttpAnswer {
    if (call.method === 'GET') return this.events.get(calendar, id, call);
    if (call.method === 'PUT') return this.events.update(calendar, id, call);
    if (call.method === 'PATCH') return this.events.patch(calendar, id, call);
    return call.method === 'DELETE' ? this.events.remove(calendar, id, call) : refuseGoogle('notFound');
  }
}

function calendarIdOf(path: string): string | undefined {
  const id = CALENDAR.exec(path)?.[1];
  return id === undefined ? undefined : decodeURIComponent(id);
}

function shown({ id, summary, timeZone }: Calendar): Record<string, unknown> {
  return { kind: 'calendar#calendar', id, summary, timeZone, accessRole: 'owner' };
}
