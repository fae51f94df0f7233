import type { FaultDesk } from './fault-desk.js';
import { GOOGLE_PUSH } from './faults.js';
import { refuseGoogle } from './google-errors.js';
import type { Calendar, Channel, GoogleStore } from './google-store.js';
import { isHttpUrl, type SandboxSettings } from './settings.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import { postHeaders } from './webhook-post.js';

/** Google lets a channel of events live a week at most. */
const LONGEST_LIFE_MS = 7 * 24 * 3_600_000;

/** Tells whoever watches a calendar that something changed in it, and never what. */
export class GoogleChannels {
  private readonly numbers = new Map<string, number>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly store: GoogleStore,
    private readonly settings: SandboxSettings,
    private readonly desk: FaultDesk,
  ) {}

  watch(calendar: Calendar, call: HttpCall): HttpAnswer {
    const body: Record<string, unknown> = JSON.parse(call.body);
    const { id, type, address, token } = body;
    if (typeof id !== 'string' || !/^[\w\-+/=]{1,64}$/.test(id) || type !== 'web_hook')
      return refuseGoogle('invalid');
    if (!isHttpUrl(address)) return refuseGoogle('invalid');
    if (this.store.channels.has(id)) return refuseGoogle('duplicate');
    const channel: Channel = {
      id,
      resourceId: Buffer.from(calendar.id).toString('base64url').slice(0, 27),
      calendarId: calendar.id,
      address,
      token: typeof token === 'string' ? token : null,
      expiration: Math.min(wantedEnd(body), Date.now() + LONGEST_LIFE_MS),
    };
    this.store.record({ kind: 'google.channel', data: channel });
    this.push(channel, 'sync');
    const { resourceId, expiration } = channel;
    const resourceUri = `https://www.googleapis.com/calendar/v3/calendars/${calendar.id}/events?alt=json`;
    return {
      status: 200,
      json: {
        kind: 'api#channel',
        id,
        resourceId,
        resourceUri,
        expiration: String(expiration),
        ...(channel.token ? { token: channel.token } : {}),
      },
    };
  }

  stop(call: HttpCall): HttpAnswer {
    const body: Record<string, unknown> = JSON.parse(call.body);
    const found = this.store.channels.get(String(body['id']));
    if (!found || found.resourceId !== body['resourceId']) return refuseGoogle('notFound');
    this.store.record({ kind: 'google.channel-stopped', data: { id: found.id } });
    return { status: 204 };
  }

  tell(calendarId: string): void {
    const watching = [...this.store.channels.values()].filter((channel) => channel.calendarId === calendarId);
    for (const channel of watching) if (channel.expiration > Date.now()) this.push(channel, 'exists');
  }

  /** Pushes under way are forgotten, as Google forgets some. */
  stopAll(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.numbers.clear();
  }

  private push(channel: Channel, state: 'sync' | 'exists'): void {
    const fault = this.desk.take({
      provider: 'google',
      method: GOOGLE_PUSH,
      path: state,
      to: channel.calendarId,
    });
    if (fault?.loseCallbacks) return;
    const number = (this.numbers.get(channel.id) ?? 0) + 1;
    this.numbers.set(channel.id, number);
    const copies = fault?.duplicateCallbacks ? 2 : 1;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      for (let copy = 0; copy < copies; copy += 1) void send(channel, state, number);
    }, fault?.callbackDelayMs ?? this.settings.stepMs);
    this.timers.add(timer);
  }
}

function wantedEnd({ expiration, params }: Record<string, unknown>): number {
  if (expiration !== undefined) return Number(expiration) || 0;
  const ttl = typeof params === 'object' && params !== null && 'ttl' in params ? Number(params.ttl) : NaN;
  return Number.isNaN(ttl) ? Infinity : Date.now() + ttl * 1_000;
}

function send(channel: Channel, state: string, number: number) {
  return postHeaders(channel.address, {
    'x-goog-channel-id': channel.id,
    ...(channel.token === null ? {} : { 'x-goog-channel-token': channel.token }),
    'x-goog-channel-expiration': new Date(channel.expiration).toUTCString(),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-uri': `https://www.googleapis.com/calendar/v3/calendars/${channel.calendarId}/events`,
    'x-goog-resource-state': state,
    'x-goog-message-number': String(number),
  });
}
