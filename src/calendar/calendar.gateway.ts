import type { ProviderMode } from '../config/config.js';
import type { BreakerState } from '../outbox/integration-status.service.js';

/** Whose consent a call is made with. */
export interface CalendarAccount {
  readonly connectionId: string;
  readonly refreshToken: string;
}

/** Where an event is: in which calendar of which account. */
export interface CalendarPlace {
  readonly account: CalendarAccount;
  readonly googleId: string;
}

/** What an event says of a booking, in Google's words. */
export interface EventBody {
  readonly summary: string;
  readonly description: string;
  readonly location: string;
  /** Instants with their offset, and the zone they are shown in. */
  readonly start: { readonly dateTime: string; readonly timeZone: string };
  readonly end: { readonly dateTime: string; readonly timeZone: string };
  readonly transparency: 'opaque' | 'transparent';
  readonly attendees: readonly { readonly email: string; readonly displayName: string }[];
  /** Minutes before the start at which the owner of the calendar is reminded. */
  readonly reminders: readonly { readonly method: 'email' | 'popup'; readonly minutes: number }[];
  /** For programs: whose booking it is, and what was written. */
  readonly marks: Readonly<Record<string, string>>;
}

/** An event as Google has it. */
export interface EventTruth {
  readonly id: string;
  readonly etag: string;
  readonly isCancelled: boolean;
  readonly marks: Readonly<Record<string, string>>;
  readonly attendees: readonly { readonly email: string; readonly displayName: string }[];
}

/**
 * Why a call did nothing. `out`: it may be tried again; `limited`: not before a while; `revoked`: the account takes us in no more;
 * `exists`, `changed`, `gone`: it stands otherwise than we thought; `refused`: for good.
 */
export const CALENDAR_FAILURES = [
  'out',
  'limited',
  'revoked',
  'exists',
  'changed',
  'gone',
  'refused',
] as const;

export class CalendarFailure extends Error {
  constructor(
    readonly kind: (typeof CALENDAR_FAILURES)[number],
    readonly code: string | null,
    readonly httpStatus: number | null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${kind}: ${code ?? 'no code'} (${httpStatus ?? 'no answer'})`);
    this.name = 'CalendarFailure';
  }
}

/**
 * Calendars of whatever provider: port and token. Called outside transactions only. Every method rejects with CalendarFailure.
 * Event ids are ours, so that the same event asked for twice is one.
 */
export abstract class CalendarGateway {
  abstract readonly mode: ProviderMode;
  abstract readonly breaker: BreakerState;

  abstract insert(place: CalendarPlace, eventId: string, body: EventBody): Promise<EventTruth>;
  /** Cancelled ones too; `gone` when there never was one. */
  abstract get(place: CalendarPlace, eventId: string): Promise<EventTruth>;
  /** Writes our fields over what was seen as `seen`, whose other fields stay; a cancelled event comes back to life. */
  abstract update(place: CalendarPlace, seen: EventTruth, body: EventBody): Promise<EventTruth>;
  /** Done, or `gone` when there is none any more. */
  abstract remove(place: CalendarPlace, eventId: string): Promise<void>;
}
