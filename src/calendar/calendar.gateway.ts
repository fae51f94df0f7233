import type { ProviderMode } from '../config/config.js';
import type { BreakerState } from '../outbox/integration-status.service.js';

/** Whose consent a call is made with. */
export interface CalendarAccount {
  readonly connectionId: string;
  readonly refreshToken: string;
}

/** What a person is asked for, and where they are sent back to with it. */
export interface ConsentAsked {
  readonly redirectUri: string;
  /** Comes back with the answer. */
  readonly state: string;
  /** Only whoever asked knows it; its hash goes along with the question (RFC 7636). */
  readonly verifier: string;
}

/** A person's consent, for as long as they do not take it back. */
export interface ConsentGiven {
  readonly refreshToken: string;
  /** The account, for ever. */
  readonly subject: string;
  /** Its address, which is the id of its own calendar too. */
  readonly email: string;
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

/** A stretch of time. */
export interface During {
  readonly start: Date;
  readonly end: Date;
}

/** The time and the revision that we wrote into an event last. */
export interface Written extends During {
  readonly revision: number;
}

/** An event of a reading: when and whose, never what. */
export interface SeenEvent {
  readonly id: string;
  readonly etag: string;
  readonly isCancelled: boolean;
  /** Null where it is not told, as of a deleted event. */
  readonly during: During | null;
  /** Whoever has it in their calendar is busy. */
  readonly takesTime: boolean;
  /** Of the booking it was written for; null for everybody else's events. */
  readonly bookingId: string | null;
  readonly written: Written | null;
  /** Fingerprint of what we wrote last. */
  readonly hash: string | null;
}

/** Everything that changed, and the token the next reading begins with. */
export interface Changes {
  readonly events: readonly SeenEvent[];
  readonly syncToken: string;
}

/** A channel through which the provider tells that something changed; until when, in real time. */
export interface OpenChannel {
  readonly resourceId: string;
  readonly expiresAt: Date;
}

/** An event as Google has it. */
export interface EventTruth {
  readonly during: During | null;
  readonly written: Written | null;
  readonly id: string;
  readonly etag: string;
  readonly isCancelled: boolean;
  readonly marks: Readonly<Record<string, string>>;
  /** With whatever else Google knows of them, such as whether they will come. */
  readonly attendees: readonly ({ readonly email: string } & Readonly<Record<string, unknown>>)[];
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

  /** Where a person can agree that their calendars are used. */
  abstract consentUrl(asked: ConsentAsked): Promise<string>;
  /** `refused` when the code is worth nothing, or the consent does not reach far enough. */
  abstract redeem(code: string, asked: Omit<ConsentAsked, 'state'>): Promise<ConsentGiven>;
  abstract insert(place: CalendarPlace, eventId: string, body: EventBody): Promise<EventTruth>;
  /** Cancelled ones too; `gone` when there never was one. */
  abstract get(place: CalendarPlace, eventId: string): Promise<EventTruth>;
  /** Writes our fields over what was seen as `seen`, whose other fields stay; a cancelled event comes back to life. */
  abstract update(place: CalendarPlace, seen: EventTruth, body: EventBody): Promise<EventTruth>;
  /** Done, or `gone` when there is none any more. */
  abstract remove(place: CalendarPlace, eventId: string): Promise<void>;
  /**
   * All pages of what changed since the token, or, without one, of what ends after `from`; whole days are the zone's. `gone` with 410
   * when the token is worth nothing any more.
   */
  abstract changes(
    place: CalendarPlace,
    syncToken: string | null,
    whole: { readonly from: Date; readonly timeZone: string },
  ): Promise<Changes>;
  /** From now on the address is told of changes, with the token in a header. */
  abstract watch(
    place: CalendarPlace,
    channel: { readonly channelId: string; readonly address: string; readonly token: string },
  ): Promise<OpenChannel>;
  abstract unwatch(
    place: CalendarPlace,
    channel: { readonly channelId: string; readonly resourceId: string },
  ): Promise<void>;
}
