import { WORKER } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.service.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import { settlePayment } from '../../src/payments/payments.events.js';
import { aGuestBooking, aPaidService, moneyOf, type GuestBooking } from '../support/paying.js';
import { TestApp, waitFor } from '../support/test-app.js';

const NOON = '2030-03-04T12:00:00-05:00';

describe('paying for a booking', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T15:00:00Z');
    await app.sandbox.clearFaults();
  });

  const held = async (wishes: Parameters<typeof aPaidService>[1] = {}, start = NOON) =>
    aGuestBooking(app, await aPaidService(app, wishes), start);
  const start = (booking: GuestBooking, way: 'payment' | 'checkout' = 'payment') =>
    app.as(booking.token).post(`/api/bookings/${booking.id}/${way}`);
  const isConfirmed = (id: string) =>
    waitFor(async () => (await moneyOf(app, id)).booking?.status === 'confirmed');
  const isRefunded = (id: string, cause: string) =>
    waitFor(async () =>
      (await moneyOf(app, id)).refunds.some(
        (refund) => refund.cause === cause && refund.state === 'succeeded',
      ),
    );

  it('confirms it as soon as the money is here', async () => {
    const booking = await held();
    const answer = await start(booking);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      paymentId: expect.any(String),
      status: 'open',
      amount: { amount: 8500, currency: 'USD' },
      clientSecret: expect.stringContaining('_secret_'),
      publishableKey: app.config.stripe.publishableKey,
    });
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
    const shown = (await app.as(booking.token).get(`/api/bookings/${booking.id}`)).body;
    expect(shown).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'paid',
      amountDue: { amount: 0, currency: 'USD' },
      holdExpiresAt: null,
    });
    expect((await start(booking)).body).toMatchObject({ code: 'nothing-to-pay' });
  });

  it('asked for again is the same payment, also when ten ask at once', async () => {
    const booking = await held();
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(booking)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.paymentId)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.clientSecret)).size).toBe(1);
    expect((await moneyOf(app, booking.id)).payments).toHaveLength(1);
  });

  it('on the provider’s page keeps the hold for as long as the page lives, once', async () => {
    const booking = await held();
    const page = await start(booking, 'checkout');
    expect(page.status).toBe(201);
    expect(page.body).toEqual({
      paymentId: expect.any(String),
      url: expect.stringContaining('/c/pay/'),
      expiresAt: expect.any(String),
    });
    const shown = (await app.as(booking.token).get(`/api/bookings/${booking.id}`)).body;
    expect(Date.parse(shown.holdExpiresAt) - Date.parse('2030-03-01T15:00:00Z')).toBeGreaterThan(31 * 60_000);
    expect((await start(booking, 'checkout')).body.url).toBe(page.body.url);
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
  });

  it('by another way takes the place of the first', async () => {
    const booking = await held();
    const form = await start(booking);
    const page = await start(booking, 'checkout');
    expect(page.body.paymentId).not.toBe(form.body.paymentId);
    await app.effectsDone();
    expect((await moneyOf(app, booking.id)).payments.map(({ state }) => state)).toEqual(['canceled', 'open']);
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
  });

  it('twice gives one of them back', async () => {
    const booking = await held();
    const form = await start(booking);
    const intent = (await app.sql(`select intent_id from payment where id = $1`, [form.body.paymentId]))[0];
    await app.sandbox.faults([{ match: { provider: 'stripe', path: '/v1/payment_intents/' }, status: 500 }]);
    const page = await start(booking, 'checkout');
    await app.sandbox.pay({ paymentIntent: String(intent?.['intent_id']) });
    const [session] = await app.sql('select session_id from payment where id = $1', [page.body.paymentId]);
    await app.sandbox.pay({ session: String(session?.['session_id']) });
    await isConfirmed(booking.id);
    await app.sandbox.clearFaults();
    await app.sql(`update outbox_message set retry_at = null where state = 'pending'`);
    await isRefunded(booking.id, 'excess');
    const { booking: money, payments, refunds } = await moneyOf(app, booking.id);
    expect(money).toMatchObject({ status: 'confirmed', paid_minor: 17_000, refunded_minor: 8500 });
    expect(payments.map(({ state, surplus }) => [state, surplus])).toEqual([
      ['succeeded', true],
      ['succeeded', false],
    ]);
    expect(refunds).toHaveLength(1);
    expect((await app.as(booking.token).get(`/api/bookings/${booking.id}`)).body.paymentStatus).toBe('paid');
  });

  it('with a deposit confirms by the deposit; the rest is a second payment', async () => {
    const booking = await held({ depositPercent: 30 });
    expect((await start(booking)).body.amount.amount).toBe(2550);
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
    expect((await app.as(booking.token).get(`/api/bookings/${booking.id}`)).body.paymentStatus).toBe(
      'deposit_paid',
    );
    const rest = await start(booking);
    expect(rest.body.amount.amount).toBe(5950);
    await app.sandbox.pay({ bookingId: booking.id });
    await waitFor(async () => (await moneyOf(app, booking.id)).booking?.paid_minor === 8500);
    expect((await moneyOf(app, booking.id)).payments.map(({ purpose }) => purpose)).toEqual([
      'deposit',
      'balance',
    ]);
  });

  it('declined leaves it unpaid and payable', async () => {
    const booking = await held();
    await start(booking);
    await app.sandbox.pay({ bookingId: booking.id }, 'pm_card_chargeDeclinedInsufficientFunds');
    await waitFor(async () => (await moneyOf(app, booking.id)).booking?.payment_signal === 'failed');
    expect((await app.as(booking.token).get(`/api/bookings/${booking.id}`)).body).toMatchObject({
      status: 'held',
      paymentStatus: 'failed',
    });
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
  });

  it('cancelled in time gives everything back, once, and says so at once', async () => {
    const booking = await held();
    await start(booking);
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
    const cancelled = await app.as(booking.token).post(`/api/bookings/${booking.id}/cancel`, {});
    expect(cancelled.body.refund).toEqual({ amount: { amount: 8500, currency: 'USD' }, status: 'requested' });
    await isRefunded(booking.id, 'cancellation');
    const { booking: money, refunds } = await moneyOf(app, booking.id);
    expect(money).toMatchObject({ status: 'cancelled', paid_minor: 8500, refunded_minor: 8500 });
    expect(refunds).toHaveLength(1);
    const [payment] = (await app.sandbox.state()).payments.filter(
      ({ metadata }) => metadata['bookingId'] === booking.id,
    );
    expect(payment).toMatchObject({ amount: 8500, refunded: 8500 });
  });

  it('after the hold ran out takes the time again while it is free', async () => {
    const booking = await held();
    await start(booking);
    await app.sandbox.faults([{ match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true }]);
    await app.sandbox.pay({ bookingId: booking.id });
    await app.timeIs('2030-03-01T15:30:00Z');
    await app.sweep();
    await app.effectsDone();
    await isConfirmed(booking.id);
    expect((await moneyOf(app, booking.id)).refunds).toEqual([]);
  });

  it('after somebody else took the time gives everything back', async () => {
    const booking = await held();
    await start(booking);
    await app.sandbox.faults([
      { match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true },
      { match: { provider: 'stripe', method: 'POST', path: '/v1/payment_intents/' }, status: 500 },
    ]);
    await app.sandbox.pay({ bookingId: booking.id });
    await app.timeIs('2030-03-01T15:30:00Z');
    await app.sweep();
    const other = await aGuestBooking(app, booking, NOON);
    await app.sandbox.clearFaults();
    await app.sql(`update outbox_message set retry_at = null where state = 'pending'`);
    await isRefunded(booking.id, 'late');
    expect((await moneyOf(app, booking.id)).booking).toMatchObject({
      status: 'expired',
      paid_minor: 8500,
      refunded_minor: 8500,
    });
    expect((await moneyOf(app, other.id)).booking?.status).toBe('held');
  });

  it('is made good by reconciliation when every webhook is lost', async () => {
    const booking = await held();
    await start(booking);
    await app.sandbox.faults([{ match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true }]);
    await app.sandbox.pay({ bookingId: booking.id });
    await app.sql(
      `update payment set asked_at = asked_at - interval '10 minutes', looked_at = null where booking_id = $1`,
      [booking.id],
    );
    await app.sweep();
    await isConfirmed(booking.id);
  });

  it('is made good at once when the payer asks, and asked a hundred times looks once', async () => {
    const booking = await held();
    const { paymentId } = (await start(booking)).body;
    await app.sandbox.faults([{ match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true }]);
    await app.sandbox.pay({ bookingId: booking.id });
    const ask = () => app.as(booking.token).get(`/api/payments/${paymentId}`);
    expect((await ask()).body.status).toBe('open');
    await Promise.all(Array.from({ length: 100 }, ask));
    await isConfirmed(booking.id);
    expect((await ask()).body.status).toBe('succeeded');
    const looks = await app.sql(
      `select 1 from outbox_message where payload ->> 'paymentId' = $1 and topic = 'payment.settle'`,
      [paymentId],
    );
    expect(looks.length).toBeLessThanOrEqual(2);
  });

  it('is one transition, one confirmation and one receipt for fifty reports at once', async () => {
    const booking = await held();
    const { paymentId } = (await start(booking)).body;
    await app.sandbox.faults([{ match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true }]);
    await app.sandbox.pay({ bookingId: booking.id });
    const orders = Array.from({ length: 50 }, (_, at) => settlePayment(paymentId, `race:${at}`));
    await Promise.all(
      orders.map((order) => app.get(Database).transact(WORKER, (em) => app.get(Outbox).add(em, order))),
    );
    await app.effectsDone();
    const [once] = await app.sql<Record<string, number>>(
      `select (select count(*)::int from booking_event where booking_id = $1 and type = 'confirmed') as confirmed,
              (select count(*)::int from receipt where booking_id = $1) as receipts,
              (select count(*)::int from message where booking_id = $1 and family = 'booking_confirmed' and channel = 'sms') as texts,
              (select paid_minor from booking where id = $1) as paid`,
      [booking.id],
    );
    expect(once).toEqual({ confirmed: 1, receipts: 1, texts: 1, paid: 8500 });
  });

  it('is not possible while the provider is out, and charges nothing', async () => {
    const booking = await held();
    await app.sandbox.faults([{ match: { provider: 'stripe', method: 'POST' }, status: 500, times: 4 }]);
    const refused = await start(booking);
    expect([refused.status, refused.body.code]).toEqual([503, 'provider-unavailable']);
    await app.sandbox.clearFaults();
    expect((await start(booking)).status).toBe(201);
    // An answered failure would be answered again under the same key: the next one is a payment of its own.
    expect((await moneyOf(app, booking.id)).payments.map(({ state }) => state)).toEqual(['canceled', 'open']);
  });
});
