import { SANDBOX_GOOGLE } from './credentials.js';
import type { Journal, JournalEntry } from './journal.js';

/** Start or end of an event: a whole day, or an instant with its zone. */
export interface EventTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

/** What a client may set of an event; everything else is Google's. */
export interface EventFields {
  summary?: string;
  description?: string;
  location?: string;
  start?: EventTime;
  end?: EventTime;
  transparency?: string;
  visibility?: string;
  colorId?: string;
  attendees?: { email: string; displayName?: string; responseStatus?: string }[];
  reminders?: { useDefault?: boolean; overrides?: { method: string; minutes: number }[] };
  extendedProperties?: { private?: Record<string, string>; shared?: Record<string, string> };
}

/** An event as Google keeps it; a deleted one stays, as `cancelled`. */
export interface StoredEvent extends EventFields {
  id: string;
  status: 'confirmed' | 'tentative' | 'cancelled';
  etag: string;
  created: string;
  updated: string;
  sequence: number;
}

/** A webhook of a calendar; `expiration` in ms since 1970, real time. */
export interface Channel {
  id: string;
  resourceId: string;
  calendarId: string;
  address: string;
  token: string | null;
  expiration: number;
}

export type GoogleFact =
  | { kind: 'google.calendar'; data: { id: string; summary: string; timeZone: string } }
  | {
      kind: 'google.event';
      data: { calendarId: string; event: Omit<StoredEvent, 'etag' | 'created' | 'updated'> };
    }
  | { kind: 'google.channel'; data: Channel }
  | { kind: 'google.channel-stopped'; data: { id: string } }
  | { kind: 'google.sync-tokens-forgotten'; data: { calendarId: string } }
  | { kind: 'google.granted'; data: { refreshToken: string } }
  | { kind: 'google.revoked'; data: { refreshToken: string } }
  | { kind: 'google.access-expired'; data: { refreshToken: string } };

/** A calendar with the events of all times; the number of the journal line that changed an event last is its place in time. */
export interface Calendar {
  readonly id: string;
  readonly summary: string;
  readonly timeZone: string;
  readonly events: Map<string, { event: StoredEvent; seq: number }>;
  /** Sync tokens from before that line are refused. */
  oldestToken: number;
}

/** What an account has granted, and since which line its access tokens are worth something. */
interface Grant {
  isRevoked: boolean;
  accessSince: number;
}

/** Calendars, channels and grants, as a fold of the journal: live and replayed facts take the same path. */
export class GoogleStore {
  private readonly calendars = new Map<string, Calendar>();
  readonly channels = new Map<string, Channel>();
  private readonly grants = new Map<string, Grant>();

  constructor(private readonly journal: Journal) {}

  get lastSeq(): number {
    return this.journal.lastSeq;
  }

  /** Written down first, then true. */
  record(fact: GoogleFact): void {
    const { seq, at } = this.journal.append(fact.kind, fact.data);
    this.apply(fact, seq, at);
  }

  replay(entry: JournalEntry): void {
    // Lines of these kinds are written by `record` alone.
    if (entry.kind.startsWith('google.')) this.apply(entry as JournalEntry & GoogleFact, entry.seq, entry.at);
  }

  /** The salon's own is always there. */
  calendar(id: string): Calendar | undefined {
    const found = this.calendars.get(id);
    if (found || id !== SANDBOX_GOOGLE.calendarId) return found;
    const own = { id, summary: 'Salon', timeZone: 'UTC', events: new Map(), oldestToken: 0 };
    this.calendars.set(id, own);
    return own;
  }

  all(): Calendar[] {
    this.calendar(SANDBOX_GOOGLE.calendarId);
    return [...this.calendars.values()];
  }

  /** The consent of the sandbox's own account was given before the beginning. */
  grant(refreshToken: string): Grant | undefined {
    const isOwn = refreshToken === SANDBOX_GOOGLE.refreshToken;
    return this.grants.get(refreshToken) ?? (isOwn ? { isRevoked: false, accessSince: 0 } : undefined);
  }

  clear(): void {
    this.calendars.clear();
    this.channels.clear();
    this.grants.clear();
  }

  private apply(fact: GoogleFact, seq: number, at: string): void {
    switch (fact.kind) {
      case 'google.calendar':
        this.calendars.set(fact.data.id, { ...fact.data, events: new Map(), oldestToken: 0 });
        break;
      case 'google.event':
        this.keep(fact.data.calendarId, fact.data.event, seq, at);
        break;
      case 'google.channel':
        this.channels.set(fact.data.id, fact.data);
        break;
      case 'google.channel-stopped':
        this.channels.delete(fact.data.id);
        break;
      case 'google.sync-tokens-forgotten': {
        const calendar = this.calendar(fact.data.calendarId);
        if (calendar) calendar.oldestToken = seq;
        break;
      }
      case 'google.granted':
        this.grants.set(fact.data.refreshToken, { isRevoked: false, accessSince: seq });
        break;
      case 'google.revoked':
        this.grants.set(fact.data.refreshToken, { isRevoked: true, accessSince: seq });
        break;
      case 'google.access-expired': {
        this.grants.set(fact.data.refreshToken, { isRevoked: false, accessSince: seq });
        break;
      }
    }
  }

  private keep(
    calendarId: string,
    event: Omit<StoredEvent, 'etag' | 'created' | 'updated'>,
    seq: number,
    at: string,
  ) {
    const calendar = this.calendar(calendarId);
    if (!calendar) return;
    const created = calendar.events.get(event.id)?.event.created ?? at;
    calendar.events.set(event.id, { seq, event: { ...event, etag: `"${seq}"`, created, updated: at } });
  }
}
