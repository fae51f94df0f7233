import { Injectable } from '@nestjs/common';
import type { calendar_v3 } from '@googleapis/calendar';
import { Config, type ProviderMode } from '../config/config.js';
import type { BreakerState } from '../outbox/integration-status.service.js';
import { ProviderCircuit } from '../outbox/provider-circuit.service.js';
import {
  CalendarFailure,
  CalendarGateway,
  type CalendarAccount,
  type CalendarPlace,
  type Changes,
  type ConsentAsked,
  type ConsentGiven,
  type EventBody,
  type EventTruth,
  type OpenChannel,
  type SeenEvent,
} from './calendar.gateway.js';
import { failpoint } from '../common/failpoint.js';
import { consentUrlOf, redeemConsent } from './google-consent.js';
import { loadCalendar } from './google-client.js';
import { calendarFailureOf } from './rules/google-failure.js';
import { SEEN_FIELDS, seenEventOf } from './rules/read-event.js';

/** Nobody is written to by Google for what we do: our own messages tell people. */
const SILENTLY = 'none';
/** Google's largest. */
const PAGE = 2_500;

/** Calendars by Google's official client, live or against the sandbox's emulator of the same wire format. */
@Injectable()
export class GoogleCalendarGateway extends CalendarGateway {
  private readonly circuit: ProviderCircuit;
  private readonly clients = new Map<string, Promise<calendar_v3.Calendar>>();

  constructor(private readonly config: Config) {
    super();
    this.circuit = new ProviderCircuit({
      provider: 'google',
      openMs: config.providerBreakerMs,
      isOutage: (error) => !(error instanceof CalendarFailure) || error.kind === 'out',
      resting: () => new CalendarFailure('out', 'resting', null, config.providerBreakerMs),
    });
  }

  get mode(): ProviderMode {
    return this.config.google.mode;
  }

  get breaker(): BreakerState {
    return this.circuit.state;
  }

  consentUrl(asked: ConsentAsked): Promise<string> {
    return consentUrlOf(this.config.google, asked);
  }

  redeem(code: string, asked: Omit<ConsentAsked, 'state'>): Promise<ConsentGiven> {
    return this.circuit.run(() => redeemConsent(this.config.google, { ...asked, code }));
  }

  insert({ account, googleId }: CalendarPlace, eventId: string, body: EventBody): Promise<EventTruth> {
    return this.call(account, async (google) => {
      const requestBody = { id: eventId, ...fieldsOf(body) };
      return truthOf(
        (await google.events.insert({ calendarId: googleId, sendUpdates: SILENTLY, requestBody })).data,
      );
    });
  }

  get({ account, googleId }: CalendarPlace, eventId: string): Promise<EventTruth> {
    return this.call(account, async (google) =>
      truthOf((await google.events.get({ calendarId: googleId, eventId })).data),
    );
  }

  update({ account, googleId }: CalendarPlace, seen: EventTruth, body: EventBody): Promise<EventTruth> {
    return this.call(account, async (google) => {
      const target = { calendarId: googleId, eventId: seen.id, sendUpdates: SILENTLY };
      const requestBody = {
        ...fieldsOf(body),
        attendees: invited(seen, body).map((attendee) => ({ ...attendee })),
        status: 'confirmed',
      };
      const headers = { 'If-Match': seen.etag };
      return truthOf((await google.events.patch({ ...target, requestBody }, { headers })).data);
    });
  }

  remove({ account, googleId }: CalendarPlace, eventId: string): Promise<void> {
    return this.call(account, async (google) => {
      await google.events.delete({ calendarId: googleId, eventId, sendUpdates: SILENTLY });
    });
  }

  changes(
    { account, googleId }: CalendarPlace,
    syncToken: string | null,
    { from, timeZone }: { from: Date; timeZone: string },
  ): Promise<Changes> {
    const since = syncToken === null ? { timeMin: from.toISOString() } : { syncToken };
    const asked = {
      calendarId: googleId,
      singleEvents: true,
      maxResults: PAGE,
      fields: SEEN_FIELDS,
      ...since,
    };
    return this.call(account, async (google) => {
      const events: SeenEvent[] = [];
      let pageToken: string | undefined;
      for (;;) {
        const { data } = await google.events.list({ ...asked, ...(pageToken ? { pageToken } : {}) });
        events.push(...(data.items ?? []).flatMap((item) => seenEventOf(item, timeZone) ?? []));
        if (!data.nextPageToken) return { events, syncToken: data.nextSyncToken ?? '' };
        pageToken = data.nextPageToken;
        failpoint('calendar.between-pages');
      }
    });
  }

  watch(
    { account, googleId }: CalendarPlace,
    { channelId, address, token }: { channelId: string; address: string; token: string },
  ): Promise<OpenChannel> {
    return this.call(account, async (google) => {
      const requestBody = { id: channelId, type: 'web_hook', address, token };
      const { data } = await google.events.watch({ calendarId: googleId, requestBody });
      return { resourceId: data.resourceId ?? '', expiresAt: new Date(Number(data.expiration)) };
    });
  }

  unwatch(
    { account }: CalendarPlace,
    { channelId, resourceId }: { channelId: string; resourceId: string },
  ): Promise<void> {
    return this.call(account, async (google) => {
      await google.channels.stop({ requestBody: { id: channelId, resourceId } });
    });
  }

  private call<T>(
    { connectionId, refreshToken }: CalendarAccount,
    work: (google: calendar_v3.Calendar) => Promise<T>,
  ): Promise<T> {
    if (this.mode === 'unconfigured') return Promise.reject(new CalendarFailure('out', 'unconfigured', null));
    return this.circuit.run(async () => {
      const key = `${connectionId}/${refreshToken}`;
      const client = this.clients.get(key) ?? loadCalendar(this.config.google, refreshToken);
      this.clients.set(key, client);
      return work(await client).catch((error: unknown) => {
        throw calendarFailureOf(error);
      });
    });
  }
}

function fieldsOf({ marks, reminders, attendees, ...said }: EventBody): calendar_v3.Schema$Event {
  return {
    ...said,
    attendees: attendees.map((attendee) => ({ ...attendee })),
    reminders: { useDefault: false, overrides: reminders.map((reminder) => ({ ...reminder })) },
    extendedProperties: { private: { ...marks } },
  };
}

/** Whom somebody else has invited meanwhile stays invited. */
function invited(seen: EventTruth, { attendees }: EventBody): EventTruth['attendees'] {
  const ours = new Set([...attendees.map(({ email }) => email), seen.marks['lawreiGuest']]);
  const before = new Map(seen.attendees.map((attendee) => [attendee.email, attendee]));
  return [
    ...attendees.map((guest) => ({ ...before.get(guest.email), ...guest })),
    ...seen.attendees.filter(({ email }) => !ours.has(email)),
  ];
}

function truthOf(event: calendar_v3.Schema$Event): EventTruth {
  // Ours have instants: no day of a zone is to be read.
  const seen = seenEventOf(event, 'UTC');
  return {
    during: seen?.during ?? null,
    written: seen?.written ?? null,
    id: event.id ?? '',
    etag: event.etag ?? '',
    isCancelled: event.status === 'cancelled',
    marks: event.extendedProperties?.private ?? {},
    attendees: (event.attendees ?? []).flatMap(({ email, ...attendee }) =>
      email ? [{ ...attendee, email }] : [],
    ),
  };
}
