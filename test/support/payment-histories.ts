import { newId } from '../../src/common/ids.js';
import { WORKER } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.service.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import { settlePayment } from '../../src/payments/payments.events.js';
import { aGuestBooking, aPaidService, type GuestBooking } from './paying.js';
import { HAPPENINGS, PRICE, START_AFTER_MINUTES, type Books, type Happening } from './payment-happenings.js';
import { PaymentModel } from './payment-model.js';
import { Random } from './random.js';
import { TestApp, waitFor } from './test-app.js';

const BEGIN = Date.parse('2030-03-06T15:00:00Z');
const MINUTE_MS = 60_000;
const START = new Date(BEGIN + START_AFTER_MINUTES * MINUTE_MS).toISOString();
const LONGEST = 6;

const RESTLESS = `select 1 from outbox_message where state = 'claimed'
  or (state = 'pending' and due_at <= app_now() and (retry_at is null or retry_at <= now()))`;
const OVERDUE = `select 1 from booking where status = 'held' and hold_expires_at <= app_now()
  union all select 1 from booking where status = 'confirmed' and ends_at <= app_now() - interval '2 hours'
  union all select 1 from payment_task where state = 'open' and decides_at <= app_now()`;
const BOOKS = `select b.status as booking, b.paid_minor as paid, b.refunded_minor as refunded, p.state as payment,
    coalesce((select array_agg(r.cause order by r.cause) from refund r where r.booking_id = b.id), '{}') as causes,
    coalesce((select sum(r.amount_minor) from refund r where r.booking_id = b.id and r.state = 'succeeded'), 0)::int as back
  from booking b join payment p on p.booking_id = b.id where b.id = $1`;

/** A line of the journal in which something happened at the provider. */
interface Told {
  events: { event: { id: string; data: unknown } }[];
}

/** What a history came to, for the books and at the provider. */
interface Found extends Books {
  back: number;
}

/** An application in which payments live through anything; its own, since it moves the clock. */
export async function startForHistories(): Promise<TestApp> {
  const app = await TestApp.start({ env: { OUTBOX_POLL_MS: '50', PROVIDER_BREAKER_MS: '10' } });
  await app.sql('update business set remind_day_before = false');
  return app;
}

/** One booking, one payment, up to six things that happen to them; what the database says is held against the model. */
export class PaymentHistory {
  private readonly model = new PaymentModel();
  private minutes = 0;
  private isOut = false;

  private constructor(
    private readonly app: TestApp,
    private readonly booking: GuestBooking,
    private readonly paymentId: string,
    private readonly intentId: string,
    private readonly from: number,
  ) {}

  /** Differences between books and model, in words; none when they agree. */
  static async run(app: TestApp, seed: number): Promise<string[]> {
    const random = new Random(seed);
    const events = Array.from({ length: random.int(1, LONGEST) }, () => random.pick(HAPPENINGS));
    const history = await PaymentHistory.begin(app);
    for (const event of events) await history.live(event);
    const faults = await history.end();
    return faults.map((fault) => `seed ${seed}, ${events.join(' → ')}: ${fault}`);
  }

  private static async begin(app: TestApp): Promise<PaymentHistory> {
    await app.timeIs(new Date(BEGIN).toISOString());
    await app.sandbox.faults([LOSING]);
    const from = await endOfLog(app);
    const booking = await aGuestBooking(app, await aPaidService(app, { priceMinor: PRICE }), START);
    const started = await app.as(booking.token).post(`/api/bookings/${booking.id}/payment`);
    if (started.status !== 201) throw new Error(started.text);
    const intentId = String(started.body.clientSecret).split('_secret_')[0] ?? '';
    return new PaymentHistory(app, booking, started.body.paymentId, intentId, from);
  }

  private async live(what: Happening): Promise<void> {
    await this.act(what);
    await this.rest();
    this.model.happen(what);
  }

  private async act(what: Happening): Promise<void> {
    const { app, intentId: paymentIntent } = this;
    const strange = async (changes: Parameters<typeof app.sandbox.tamper>[1]): Promise<void> => {
      await app.sandbox.tamper({ paymentIntent }, changes).catch(() => undefined);
    };
    switch (what) {
      case 'pay':
        return void (await app.sandbox.pay({ paymentIntent }).catch(() => undefined));
      case 'deliver':
        return this.deliver(false);
      case 'deliver-reversed-twice':
        await this.deliver(true);
        return this.deliver(true);
      case 'deliver-after-72-hours':
        await this.pass(3 * 24 * 60);
        return this.deliver(false);
      case 'poll':
        return this.poll();
      case 'forge':
        return this.forge();
      case 'hold-runs-out':
        return this.pass(11);
      case 'somebody-takes-the-time':
        return void (await aGuestBooking(app, this.booking, START).catch(() => undefined));
      case 'customer-cancels':
        return void (await app.as(this.booking.token).post(`/api/bookings/${this.booking.id}/cancel`, {}));
      case 'amount-off-by-one':
        return strange({ amount: PRICE - 1 });
      case 'other-currency':
        return strange({ currency: 'eur' });
      case 'wrong-livemode':
        return strange({ mode: 'live' });
      case 'provider-out':
        return this.outage(true);
      case 'provider-back':
        return this.outage(false);
    }
  }

  /** Every event of the payment so far, each with a fresh signature. */
  private async deliver(isReversed: boolean): Promise<void> {
    const events = await this.events();
    for (const id of isReversed ? events.toReversed() : events) await this.app.sandbox.redeliver(id);
  }

  /** Read off the sandbox's journal, which an outage of the API does not touch. */
  private async events(): Promise<string[]> {
    const { entries } = await this.app.sandbox.log(this.from);
    const told = entries.flatMap(({ kind, data }) => (kind === 'stripe.change' ? (data as Told).events : []));
    return told
      .filter(({ event }) => JSON.stringify(event.data).includes(this.intentId))
      .map(({ event }) => event.id);
  }

  private async poll(): Promise<void> {
    await this.app
      .get(Database)
      .transact(WORKER, (em) =>
        this.app.get(Outbox).add(em, settlePayment(this.paymentId, `poll:${newId()}`)),
      );
  }

  private async forge(): Promise<void> {
    const body = { id: `evt_${newId()}`, object: 'event', type: 'payment_intent.succeeded' };
    const headers = { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` };
    const refused = await this.app.as().post('/webhooks/stripe', body, headers);
    const kept = await this.app.sql('select 1 from provider_event where event_id = $1', [body.id]);
    if (refused.status !== 400 || kept.length > 0)
      throw new Error(`a forged event was taken: ${refused.text}`);
  }

  private async pass(minutes: number): Promise<void> {
    this.minutes += minutes;
    await this.app.timeIs(new Date(BEGIN + this.minutes * MINUTE_MS).toISOString());
    // A round leaves alone what somebody else has locked; the next one takes it.
    await this.app.sweepUntil(async () => (await this.app.sql(OVERDUE)).length === 0);
    await this.rest();
  }

  private async outage(isOut: boolean): Promise<void> {
    this.isOut = isOut;
    await this.app.sandbox.faults(isOut ? [LOSING, OUT] : [LOSING]);
    if (!isOut) await this.app.sql(`update outbox_message set retry_at = null where state = 'pending'`);
  }

  private async rest(): Promise<void> {
    await waitFor(async () => (await this.app.sql(RESTLESS)).length === 0);
  }

  private async end(): Promise<string[]> {
    if (this.isOut) await this.live('provider-back');
    await this.live('deliver');
    const [found] = await this.app.sql<Found>(BOOKS, [this.booking.id]);
    const { back, ...books } = found ?? { back: 0 };
    const expected = { ...this.model.books, causes: this.model.books.causes.toSorted() };
    const faults = differences(expected, books);
    const [at] = (await this.app.sandbox.state()).payments.filter(
      ({ paymentIntent }) => paymentIntent === this.intentId,
    );
    if (at?.refunded !== back) faults.push(`the provider gave back ${at?.refunded}, our books say ${back}`);
    if (new Set(expected.causes).size !== expected.causes.length) faults.push('two refunds for one cause');
    return faults;
  }
}

/** Where the journal of an application's sandbox ended when last looked at: it grows with every history. */
const seen = new WeakMap<TestApp, number>();

async function endOfLog(app: TestApp): Promise<number> {
  const { next } = await app.sandbox.log(seen.get(app) ?? 0);
  seen.set(app, next);
  return next;
}

const LOSING = { match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true } as const;
const OUT = { match: { provider: 'stripe', path: '/v1/' }, status: 503 } as const;

function differences(expected: object, found: object): string[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const is: unknown = Reflect.get(found, name);
    return JSON.stringify(is) === JSON.stringify(value)
      ? []
      : [`${name} is ${JSON.stringify(is)}, not ${JSON.stringify(value)}`];
  });
}
