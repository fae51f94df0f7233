import { setTimeout as pause } from 'node:timers/promises';
import type { JournalEntry } from '../../src/sandbox/emulator/journal.js';
import { countNewSockets } from './new-sockets.js';
import { aGuestContact, type OpenSalon } from './salon.js';
import type { TestApp } from './test-app.js';

const OPENS_AT = 9;
const STARTS_A_DAY = 18;
const FIRST_DAY = 4;
const BOOKINGS = 200;
const PER_SECOND = 10;
const JUMPS = 6;
const JUMP_MS = 5 * 60_000;

/** A booking of the load; `answeredAt` is real time in ms since 1970. */
export interface LoadedBooking {
  id: string;
  phone: string;
  email: string;
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

  /** 200 bookings at ten a second, while half an hour of app time goes by from `now` on, and how many sockets were opened past the database. */
  async throughHalfAnHour(now: number): Promise<{ booked: LoadedBooking[]; sockets: number; now: number }> {
    const opened = countNewSockets([Number(new URL(this.app.database.appUrl).port)]);
    const booking = this.run(BOOKINGS, PER_SECOND);
    for (let jump = 1; jump <= JUMPS; jump += 1) {
      await pause((BOOKINGS / PER_SECOND / JUMPS) * 1_000);
      await this.app.timeIs(new Date(now + jump * JUMP_MS).toISOString());
    }
    const booked = await booking;
    return { booked, sockets: opened.stop(), now: now + JUMPS * JUMP_MS };
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
    const { phone, email } = customer;
    return { id: String(body.id), phone, email, start, status, tookMs, answeredAt: Date.now() };
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

type Times = Map<string, number>;

/** When the providers got what they got: real time in ms, of the first event of each booking, the first text and the first mail to each address. */
export function arrivalsIn(entries: readonly JournalEntry[]): {
  events: Times;
  texts: Times;
  mails: Times;
} {
  const [events, texts, mails]: [Times, Times, Times] = [new Map(), new Map(), new Map()];
  for (const { kind, at, data } of entries) {
    const said = data as { to?: string; event?: { id: string } };
    if (kind === 'google.event') keepFirst(events, said.event?.id ?? '', at);
    if (kind === 'twilio.message') keepFirst(texts, said.to ?? '', at);
    if (kind === 'smtp.mail') keepFirst(mails, said.to ?? '', at);
  }
  return { events, texts, mails };
}

function keepFirst(times: Map<string, number>, key: string, at: string): void {
  if (!times.has(key)) times.set(key, Date.parse(at));
}
