import { setTimeout as pause } from 'node:timers/promises';
import type { FaultRule } from '../../src/sandbox/emulator/faults.js';
import type { EventView } from '../../src/sandbox/emulator/google-controls.js';
import { calendarFaults, ms } from './calendar-bijection.js';
import type { CrashApp } from './crash-app.js';
import { aPhone } from './factories.js';
import type { Sql } from './own-database.js';
import type { Random } from './random.js';
import { waitFor } from './test-app.js';

export const DAY_MS = 86_400_000;
const LONGEST_WAIT_MS = 180_000;
const BETWEEN_LOOKS_MS = 150;
export const OWN_CALENDAR = 'grace@example.com';
export const ACTIONS = [
  ...(['book', 'book', 'book', 'book', 'move', 'move', 'cancel'] as const),
  ...(['drag', 'drag', 'delete', 'block', 'block', 'move-block', 'free'] as const),
  ...(['fault', 'fault', 'expire-access', 'forget-tokens'] as const),
] as const;
const FAULTS: readonly FaultRule[] = [
  { match: { method: 'POST', path: '/events' }, reset: 'after' },
  { match: { method: 'PATCH' }, reset: 'after' },
  { match: { method: 'DELETE', path: '/events' }, reset: 'after' },
  { reset: 'before' },
  { match: { method: 'PATCH' }, status: 412 },
  { match: { method: 'POST', path: '/events' }, status: 409 },
  { status: 403, reason: 'rateLimitExceeded' },
  { status: 429, retryAfter: 1 },
  { status: 503 },
  { status: 500, afterWork: true },
  { match: { path: '/token' }, status: 503 },
  { match: { method: 'PUSH' }, loseCallbacks: true },
  { match: { method: 'PUSH' }, duplicateCallbacks: true },
];
/** A request of the owner's; null when the application died on the way. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; text: string } | null>;

interface Surroundings {
  serviceId: string;
  staffIds: readonly string[];
  sql: Sql;
  ask: Call;
  from: number;
  connection: string;
}

/** One history, in a stretch of three days of its own. */
export class CalendarHistory {
  private foreign: { calendarId: string; eventId: string }[] = [];
  /** Why the last look at the settling was none. */
  private trouble: string | null = null;

  constructor(
    private readonly app: CrashApp,
    private readonly random: Random,
    private readonly around: Surroundings,
  ) {}

  async step(action: (typeof ACTIONS)[number]): Promise<void> {
    const { random } = this;
    const sandbox = await this.app.sandbox();
    switch (action) {
      case 'book':
        return this.book();
      case 'move':
        return this.onBooking((id) =>
          this.around.ask('PUT', `/admin/bookings/${id}/reschedule`, this.place()),
        );
      case 'cancel':
        return this.onBooking((id) =>
          this.around.ask('POST', `/admin/bookings/${id}/cancel`, { reason: 'history', onBehalfOf: 'salon' }),
        );
      case 'drag':
        return this.onEvent(({ calendarId, id: eventId }) =>
          sandbox.moveEvent({ calendarId, eventId, ...this.hours(30) }),
        );
      case 'delete':
        return this.onEvent(({ calendarId, id: eventId }) => sandbox.deleteEvent({ calendarId, eventId }));
      case 'block': {
        const own = random.next() < 0.5 ? { calendarId: OWN_CALENDAR } : {};
        const { calendarId, eventId } = await sandbox.createEvent({ ...own, ...this.hours(60) });
        return void this.foreign.push({ calendarId, eventId });
      }
      case 'move-block':
        if (this.foreign.length > 0)
          await sandbox.moveEvent({ ...random.pick(this.foreign), ...this.hours(60) });
        return;
      case 'free': {
        const gone = this.foreign.pop();
        if (gone) await sandbox.deleteEvent(gone);
        return;
      }
      case 'fault': {
        const rule = random.pick(FAULTS);
        const match = { ...rule.match, provider: 'google' as const };
        return void (await sandbox.faults([{ ...rule, match, times: random.int(1, 3) }]));
      }
      case 'expire-access':
        return void (await sandbox.expireAccess());
      case 'forget-tokens':
        return void (await sandbox.forgetSyncTokens());
    }
  }

  /** Everything works again, all time that anybody waits for passes, and a person decides what was left to one. */
  async settle(): Promise<void> {
    await (await this.app.sandbox()).clearFaults();
    await waitFor(async () => {
      await pause(BETWEEN_LOOKS_MS);
      // It may die while it is looked at, of what it was told before.
      const isSettled = this.isSettled();
      this.trouble = await isSettled.then(() => null, String);
      if (this.trouble !== null) console.error(`looking again: ${this.trouble}`);
      return this.trouble === null && isSettled;
    }, LONGEST_WAIT_MS).catch(() => undefined);
  }

  private async isSettled(): Promise<boolean> {
    if (!this.app.isAlive()) await this.app.restart();
    await this.around.sql('update calendar set paused_until = null');
    await this.around.sql(`update calendar_link set claimed_until = now() where claim is not null`);
    await this.around.sql(
      `update outbox_message set retry_at = null where state = 'pending' and handler like 'calendar.%'`,
    );
    await this.around.ask('POST', `/admin/calendar/connections/${this.around.connection}/sync`);
    await this.decide();
    return (await this.isQuiet()) && (await this.faults()).length === 0;
  }

  /** Where calendars and bookings differ. */
  async faults(): Promise<string[]> {
    const { events } = await (await this.app.sandbox()).state();
    return [
      ...(await calendarFaults(this.around.sql, events)),
      ...(await this.busyFaults(events)),
      ...(await this.effectsGivenUp()),
      ...(this.trouble === null ? [] : [`could not look: ${this.trouble}`]),
    ];
  }

  /** What was given up explains whatever else is wrong. */
  private async effectsGivenUp(): Promise<string[]> {
    const rows = await this.around.sql<{ handler: string; last_error: string }>(
      `select handler, last_error from outbox_message where state = 'dead'`,
    );
    return rows.map(({ handler, last_error }) => `effect ${handler} is dead: ${last_error}`);
  }

  private async busyFaults(events: readonly EventView[]): Promise<string[]> {
    const busy = await this.around.sql<{ event_id: string; starts_at: string }>(
      'select event_id, starts_at::text from external_busy',
    );
    const foreign = new Map(
      events.filter(({ private: marks }) => !marks['lawreiBooking']).map(({ id, start }) => [id, ms(start)]),
    );
    const wrong = busy.filter(({ event_id, starts_at }) => foreign.get(event_id) !== ms(starts_at));
    const faults = wrong.map(({ event_id }) => `${event_id} blocks time that is free`);
    if (busy.length < foreign.size) faults.push(`${foreign.size - busy.length} foreign events block nobody`);
    return faults;
  }

  private async isQuiet(): Promise<boolean> {
    const open = await this.around.sql(
      `select 1 from outbox_message where handler like 'calendar.%' and state in ('claimed', 'pending') limit 1`,
    );
    return open.length === 0;
  }

  private async decide(): Promise<void> {
    const answer = await this.around.ask('GET', '/admin/calendar/conflicts?state=open&limit=100');
    const { data = [] }: { data?: { id: string; kind: string }[] } = JSON.parse(answer?.text ?? '{}');
    for (const { id, kind } of data.filter((conflict) => conflict.kind !== 'overlap')) {
      const action = kind === 'moved' ? 'revert' : this.random.pick(['cancel', 'restore']);
      await this.around.ask('POST', `/admin/calendar/conflicts/${id}/resolve`, { action });
    }
  }

  private async book(): Promise<void> {
    const customer = { name: 'Ada Lovelace', phone: aPhone() };
    await this.around.ask('POST', '/admin/bookings', {
      customer,
      serviceId: this.around.serviceId,
      ...this.place(),
    });
  }

  private async onBooking(act: (id: string) => Promise<unknown>): Promise<void> {
    const rows = await this.around.sql<{ id: string }>(
      `select id from booking where status = 'confirmed' order by id`,
    );
    if (rows.length > 0) await act(this.random.pick(rows).id);
  }

  private async onEvent(act: (event: EventView) => Promise<unknown>): Promise<void> {
    const { events } = await (await this.app.sandbox()).state();
    const ours = events.filter(({ private: marks }) => marks['lawreiBooking'] !== undefined);
    // Gone between looking and acting: somebody was faster.
    if (ours.length > 0) await act(this.random.pick(ours)).catch(() => undefined);
  }

  private place() {
    return { start: this.hours(30).start, staffId: this.random.pick(this.around.staffIds) };
  }

  /** A time of the three days, on the half hour. */
  private hours(minutes: number): { start: string; end: string } {
    const day = new Date(this.around.from + this.random.int(0, 2) * DAY_MS).toISOString().slice(0, 10);
    const start = Date.parse(`${day}T15:00:00Z`) + this.random.int(0, 12) * 1_800_000;
    return { start: new Date(start).toISOString(), end: new Date(start + minutes * 60_000).toISOString() };
  }
}

/** One request; null when no answer came. */
export async function call(base: string, token: string, [method, path, body]: Parameters<Call>) {
  try {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${token}`, ...type };
    const response = await fetch(`${base}${path}`, { method, headers, ...content });
    return { status: response.status, text: await response.text() };
  } catch {
    return null;
  }
}
