import { randomUUID } from 'node:crypto';
import type { Failpoint } from '../../src/common/failpoint.js';
import type { CrashApp } from './crash-app.js';
import { aPhone } from './factories.js';
import { openSalon } from './salon.js';
import { waitFor } from './test-app.js';
import { asOwner, type TestDatabase } from './test-database.js';

/** Every named place at which a crash must do no harm. */
export const FAILPOINTS = [
  'booking.before-commit',
  'booking.after-commit',
  'outbox.after-claim',
  'message.after-begin',
  'message.after-call',
  'message.before-settle',
  'outbox.before-settle',
  'outbox.after-settle',
] as const satisfies readonly Failpoint[];

export interface Trial {
  point: Failpoint;
  /** Dies the nth time it passes there. */
  nth: number;
  /** The customer can be reached by e-mail too. */
  hasEmail: boolean;
  /** The client sends an Idempotency-Key and repeats the request with it. */
  isKeyed: boolean;
}

interface Attempt {
  phone: string;
  key: string;
  body: object;
  answer: { status: number; text: string } | null;
}

/** A salon with an app that is killed again and again, and the customers who book meanwhile. */
export class CrashTrials {
  private starts: string[] = [];
  private serviceId = '';

  constructor(
    readonly app: CrashApp,
    private readonly database: TestDatabase,
  ) {}

  sql<Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> {
    return asOwner<Row>(this.database, text, values);
  }

  async open(): Promise<void> {
    const salon = await openSalon(
      { sql: (text, values) => asOwner(this.database, text, values) },
      { staff: 3 },
    );
    this.serviceId = salon.serviceId;
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const response = await fetch(
      `${this.app.url}/api/slots?serviceId=${salon.serviceId}&from=${day(3)}&to=${day(12)}`,
    );
    const slots: { days: { slots: { start: string }[] }[] } = JSON.parse(await response.text());
    const starts = slots.days.flatMap((of) => of.slots.map(({ start }) => start));
    this.starts = [...starts, ...starts, ...starts]; // three people work at once
  }

  /** Books until the app dies at the place, starts it again and lets it finish; throws when it does not die. */
  async crash(trial: Trial): Promise<Attempt[]> {
    await this.app.arm(trial.point, trial.nth);
    const attempts: Attempt[] = [];
    for (let booked = 0; this.app.isAlive() && booked < trial.nth + 2; booked += 1) {
      attempts.push(await this.book(trial));
      await waitFor(async () => !this.app.isAlive() || (await this.isQuiet()), 10_000);
    }
    await waitFor(async () => !this.app.isAlive(), 5_000).catch(() => {
      throw new Error(`it passed ${trial.point} less than ${trial.nth} times`);
    });
    if (this.app.endedBy !== 'SIGKILL')
      throw new Error(`it ended by ${this.app.endedBy}: ${this.app.output}`);
    return attempts;
  }

  async recover(trial: Trial, attempts: readonly Attempt[]): Promise<void> {
    await this.app.restart();
    for (const attempt of attempts) await this.repeat(trial, attempt);
    await this.settled();
  }

  /** Waits until nothing is due any more, what was promised before the crash included. */
  async settled(): Promise<void> {
    await waitFor(() => this.isQuiet(), 30_000);
  }

  private async isQuiet(): Promise<boolean> {
    const open = await this.sql(
      `select 1 from outbox_message where state = 'claimed' or (state = 'pending' and due_at <= app_now())
       union all select 1 from message where state in ('planned', 'submitting', 'unknown') and due_at <= app_now() limit 1`,
    );
    return open.length === 0;
  }

  private async book({ hasEmail, isKeyed }: Trial): Promise<Attempt> {
    const phone = aPhone();
    const start = this.starts.shift();
    if (!start) throw new Error('the salon is booked out');
    const customer = {
      name: 'Ada Lovelace',
      phone,
      ...(hasEmail ? { email: `ada${phone.slice(1)}@example.com` } : {}),
    };
    const body = { serviceId: this.serviceId, start, customer };
    const key = randomUUID();
    return {
      phone,
      key,
      body,
      answer: await this.app.post('/api/bookings', body, isKeyed ? { 'idempotency-key': key } : {}),
    };
  }

  /** A client that got no answer asks again; with its key, it may always ask again. */
  private async repeat({ isKeyed }: Trial, attempt: Attempt): Promise<void> {
    const [stands] = await this.bookingsOf(attempt.phone);
    if (attempt.answer?.status === 201 && !stands)
      throw new Error('a booking that was confirmed to the client is lost');
    if (!isKeyed && stands) return;
    const again = await this.app.post(
      '/api/bookings',
      attempt.body,
      isKeyed ? { 'idempotency-key': attempt.key } : {},
    );
    if (again?.status !== 201) throw new Error(`the repeated request got ${again?.status}: ${again?.text}`);
    if (isKeyed && attempt.answer && attempt.answer.text !== again.text)
      throw new Error('the repeated request got another answer');
    if (isKeyed && stands && JSON.parse(again.text).id !== stands.id)
      throw new Error('the repeated request booked again');
  }

  private bookingsOf(phone: string): Promise<{ id: string }[]> {
    return this.sql<{ id: string }>(
      'select b.id from booking b join customer c on c.id = b.customer_id where c.phone = $1',
      [phone],
    );
  }

  /** What is wrong after all, in words; `attempts` are everybody who ever booked. */
  async faults(attempts: readonly Attempt[]): Promise<string[]> {
    const halves = await this.sql<{ what: string }>(
      `select 'a customer without a booking' as what from customer c where not exists (select 1 from booking b where b.customer_id = c.id)
       union all select 'a booking without its time' from booking b where (select count(*) from allocation a where a.booking_id = b.id and a.active) <> 1
       union all select 'a booking without its history' from booking b where (select count(*) from booking_event e where e.booking_id = b.id) <> 1
       union all select 'a booking without its effect' from booking b
         where (select count(*) from outbox_message o where o.topic = 'booking.confirmed' and o.payload->>'bookingId' = b.id::text) < 1
       union all select 'a time without a booking' from allocation a where not exists (select 1 from booking b where b.id = a.booking_id)
       union all select 'an effect that is given up: ' || coalesce(last_error, '') from outbox_message where state = 'dead'`,
    );
    const bodies = await Promise.all(attempts.map((attempt) => this.faultsOf(attempt)));
    return [...halves.map(({ what }) => what), ...bodies.flat()];
  }

  private async faultsOf({ phone }: Attempt): Promise<string[]> {
    const [booking, ...more] = await this.bookingsOf(phone);
    if (!booking || more.length > 0) return [`${phone} has ${more.length + (booking ? 1 : 0)} bookings`];
    const messages = await this.sql<{
      channel: string;
      family: string;
      state: string;
      provider_id: string | null;
      flagged: boolean;
    }>(
      `select channel, family, state, provider_id, flagged_at is not null as flagged from message where booking_id = $1 and due_at <= app_now()`,
      [booking.id],
    );
    const sandbox = await this.app.sandbox();
    const texts = (await sandbox.state({ to: phone })).sms;
    const mails = (await sandbox.state({ to: `ada${phone.slice(1)}@example.com` })).emails;
    const faults = messages.flatMap(({ channel, family, state, flagged }) =>
      flagged || !['queued', 'accepted', 'sending', 'sent', 'delivered'].includes(state)
        ? [`${phone}: ${channel} ${family} is ${state}${flagged ? ', flagged' : ''}`]
        : [],
    );
    const families = messages.map(({ channel, family }) => `${channel} ${family}`);
    if (new Set(families).size !== families.length || !families.includes('sms booking_confirmed'))
      faults.push(`${phone}: meant ${families.join(', ')}`);
    const ours = messages.filter(({ channel }) => channel === 'sms').map(({ provider_id }) => provider_id);
    const [sent, known] = [texts.map(({ sid }) => sid), ours].map((ids) => ids.toSorted().join(', '));
    if (sent !== known) faults.push(`${phone}: sent ${sent}, known ${known}`);
    const ids = new Set(mails.map(({ messageId }) => messageId));
    const meant = messages.filter(({ channel }) => channel === 'email').length;
    if (ids.size !== meant) faults.push(`${phone}: ${ids.size} different e-mails for ${meant}`);
    return faults;
  }
}
