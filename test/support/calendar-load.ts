import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEntry } from '../../src/sandbox/emulator/journal.js';
import { aGuestContact, type OpenSalon } from './salon.js';
import type { TestApp } from './test-app.js';

const OPENS_AT = 9;
const STARTS_A_DAY = 18;
const FIRST_DAY = 4;

/** A booking of the load; `answeredAt` is real time in ms since 1970. */
export interface LoadedBooking {
  id: string;
  phone: string;
  start: string;
  status: number;
  tookMs: number;
  answeredAt: number;
}

/** Books one free place after the other, so many a second whatever the answers take, as customers do. */
export class CalendarLoad {
  private places = 0;

  constructor(
    private readonly app: TestApp,
    private readonly salon: OpenSalon,
  ) {}

  async run(count: number, perSecond: number): Promise<LoadedBooking[]> {
    const all: Promise<LoadedBooking>[] = [];
    for (let index = 0; index < count; index += 1) {
      all.push(this.book());
      await pause(1_000 / perSecond);
    }
    return Promise.all(all);
  }

  private async book(): Promise<LoadedBooking> {
    const { staffId, start } = this.nextPlace();
    const customer = aGuestContact();
    const began = performance.now();
    const { serviceId } = this.salon;
    const { status, body } = await this.app
      .as()
      .post('/api/bookings', { serviceId, staffId, start, customer });
    const tookMs = performance.now() - began;
    return { id: String(body.id), phone: customer.phone, start, status, tookMs, answeredAt: Date.now() };
  }

  private nextPlace(): { staffId: string; start: string } {
    const place = this.places;
    this.places += 1;
    const { staffIds } = this.salon;
    const half = Math.floor(place / staffIds.length);
    const day = FIRST_DAY + Math.floor(half / STARTS_A_DAY);
    const minutes = OPENS_AT * 60 + (half % STARTS_A_DAY) * 30;
    const time = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
    const start = `2030-03-${String(day).padStart(2, '0')}T${time.join(':')}:00-05:00`;
    return { staffId: staffIds[place % staffIds.length] ?? '', start };
  }
}

/** When the providers got what they got: real time in ms, of the first event of each booking and the first text to each number. */
export function arrivalsIn(entries: readonly JournalEntry[]): {
  events: Map<string, number>;
  texts: Map<string, number>;
} {
  const [events, texts] = [new Map<string, number>(), new Map<string, number>()];
  for (const { kind, at, data } of entries) {
    const said = data as { to?: string; event?: { id: string } };
    if (kind === 'google.event') keepFirst(events, said.event?.id ?? '', at);
    if (kind === 'twilio.message') keepFirst(texts, said.to ?? '', at);
  }
  return { events, texts };
}

function keepFirst(times: Map<string, number>, key: string, at: string): void {
  if (!times.has(key)) times.set(key, Date.parse(at));
}
