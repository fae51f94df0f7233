import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SandboxRefusal, type SandboxClient } from '../../../src/sandbox/sandbox.client.js';
import { aPhone } from '../../support/factories.js';
import type { Random } from '../../support/random.js';

const HALF_HOURS = 16;
const FIRST_START_HOUR_UTC = 14;
const DAY_MS = 86_400_000;
/** A browser gives up on a node that stands still. */
const ANSWER_WITHIN_MS = 4_000;
const ASK_AGAIN_MS = 100;
/** Between two visits of one person. */
const LONGEST_PAUSE_MS = 1_500;

/** The services and people that are booked. */
export interface CampaignSalon {
  readonly freeServiceId: string;
  readonly paidServiceId: string;
  readonly staffIds: readonly string[];
}

/** Somebody who was told that the booking stands. */
export interface Booked {
  readonly id: string;
  readonly phone: string;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, string>;
}

interface Around {
  readonly base: string;
  readonly salon: CampaignSalon;
  readonly random: Random;
  /** App time in ms since 1970. */
  now(): number;
  sandbox(): Promise<SandboxClient>;
  /** Resolves when the machines have done most of what is due. */
  caughtUp(): Promise<void>;
}

/** People who book, pay, move and cancel, and who ask again, with the same key, until they are answered. */
export class Customers {
  readonly booked: Booked[] = [];
  /** Answers that no client may see, whatever died. */
  readonly wrong: string[] = [];
  private readonly taken = new Map<string, number>();
  private isOver = false;

  constructor(private readonly around: Around) {}

  /** So many at once, one life after the other, until `end`. */
  async live(atOnce: number): Promise<void> {
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (!this.isOver) {
          await this.visit();
          await this.around.caughtUp();
          await pause(this.around.random.int(0, LONGEST_PAUSE_MS));
        }
      }),
    );
  }

  end(): void {
    this.isOver = true;
  }

  private async visit(): Promise<void> {
    const { salon, random } = this.around;
    const phone = aPhone();
    const isPaid = random.next() < 0.3;
    const answer = await this.ask('POST', '/api/bookings', {
      serviceId: isPaid ? salon.paidServiceId : salon.freeServiceId,
      ...this.place(2),
      customer: { name: 'Ada Lovelace', phone, email: `ada${phone.slice(1)}@example.com` },
    });
    if (answer.status !== 201) return this.note('a booking', answer);
    const { id = '', manageToken = '' } = answer.body;
    this.booked.push({ id, phone });
    const session = await this.ask('POST', '/api/manage/session', { token: manageToken });
    const token = session.body['accessToken'];
    if (!token) return this.note('a link', session);
    if (isPaid) await this.pay(id, token);
    const whim = random.next();
    if (whim < 0.25) await this.ask('POST', `/api/bookings/${id}/cancel`, {}, token);
    else if (whim < 0.5) await this.move(id, token);
  }

  private async move(id: string, token: string): Promise<void> {
    await this.ask('PUT', `/api/bookings/${id}/reschedule`, this.place(3), token);
  }

  private async pay(id: string, token: string): Promise<void> {
    const started = await this.ask('POST', `/api/bookings/${id}/payment`, {}, token);
    // The hold may have run out while nobody answered.
    if (started.status !== 201) return;
    const sandbox = await this.around.sandbox();
    await sandbox.pay({ bookingId: id }).catch((error: unknown) => {
      if (!(error instanceof SandboxRefusal)) throw error;
    });
  }

  /** Each place of a day once. */
  private place(daysAhead: number): { start: string; staffId: string } {
    const day = new Date(this.around.now() + daysAhead * DAY_MS).toISOString().slice(0, 10);
    const nth = this.taken.get(day) ?? 0;
    this.taken.set(day, nth + 1);
    const { staffIds } = this.around.salon;
    const minutes = FIRST_START_HOUR_UTC * 60 + (Math.floor(nth / staffIds.length) % HALF_HOURS) * 30;
    const start = new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000).toISOString();
    return { start, staffId: staffIds[nth % staffIds.length] ?? '' };
  }

  /** The same request with the same key until there is an answer that says something. */
  private async ask(method: string, path: string, body: object, token?: string): Promise<Answer> {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const init = { method, headers, body: JSON.stringify(body) };
    for (;;) {
      const answer = await this.once(path, init);
      if (answer?.status === 500) this.note(`${method} ${path}`, answer);
      if (answer && answer.status < 500 && answer.body['code'] !== 'idempotency-in-progress') return answer;
      await pause(ASK_AGAIN_MS);
    }
  }

  private async once(path: string, init: RequestInit): Promise<Answer | null> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const response = await fetch(`${this.around.base}${path}`, { ...init, signal });
      return { status: response.status, body: JSON.parse(await response.text()) };
    } catch {
      return null;
    }
  }

  private note(what: string, { status, body }: Answer): void {
    this.wrong.push(`${what} was answered ${status}: ${body['detail'] ?? ''}`);
  }
}
