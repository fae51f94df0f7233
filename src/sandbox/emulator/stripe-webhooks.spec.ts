import type Stripe from 'stripe';
import { aDataDir, TestEmulator, until } from './emulator.fixture.js';
import { aPayment, stripeAt, StripeReceiver } from './stripe.fixture.js';

const PAID = ['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded'];

describe('what the emulated Stripe tells the app', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  let stripe: Stripe;
  let app: StripeReceiver;
  beforeEach(async () => {
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    await emulator.control.reset();
    app = await new StripeReceiver().start();
    await emulator.control.config({ stepMs: 1 });
    await emulator.control.registerStripeEndpoint(app.url);
  });
  afterEach(async () => {
    await emulator.stop();
    await app.stop();
  });
  afterAll(() => dataDir.remove());

  const undelivered = async () =>
    (await stripe.events.list({ delivery_success: false, limit: 100 })).data.map((event) => event.type);
  const attempts = async () =>
    (await emulator.control.log()).entries.filter((entry) => entry.kind === 'stripe.delivery').length;
  const allDelivered = () => until(undelivered, (types) => types.length === 0);
  const webhookRule = (path: string, effect: object) => ({
    match: { provider: 'stripe' as const, path },
    ...effect,
  });

  it('is every change, signed, with the object as it was, and can be looked up', async () => {
    const paid = await aPayment(emulator, 5_000, { bookingId: 'b1' });
    await app.heard(...PAID);
    const told = app.events.find((event) => event.type === 'payment_intent.succeeded')!;
    expect(told).toMatchObject({
      object: 'event',
      api_version: '2026-10-28.endive',
      livemode: false,
      pending_webhooks: 1,
      request: { id: paid.lastResponse.requestId, idempotency_key: expect.any(String) },
      data: { object: { id: paid.id, status: 'succeeded', metadata: { bookingId: 'b1' } } },
    });
    await allDelivered();
    expect(await stripe.events.retrieve(told.id)).toMatchObject({
      id: told.id,
      type: told.type,
      data: told.data,
      pending_webhooks: 0,
    });
    const created = app.events.find((event) => event.type === 'payment_intent.created')!;
    expect(created.data.object).toMatchObject({ status: 'requires_confirmation' });
  });

  it('comes again until the app answers 2xx', async () => {
    app.status = 500;
    await aPayment(emulator);
    await until(
      () => app.types.filter((type) => type === 'payment_intent.succeeded').length,
      (count) => count >= 3,
    );
    expect((await undelivered()).toSorted()).toEqual(PAID.toSorted());
    app.status = 204;
    await allDelivered();
    const again = app.events.filter((event) => event.type === 'payment_intent.succeeded');
    expect(new Set(again.map((event) => event.id)).size).toBe(1);
  });

  it('ends when nobody takes it, and can be asked for', async () => {
    await emulator.control.config({ stepMs: 0 });
    app.status = 500;
    await stripe.paymentIntents.create({ amount: 1, currency: 'eur' });
    await until(attempts, (count) => count === 14);
    const [missed] = (await stripe.events.list({ delivery_success: false })).data;
    app.status = 200;
    const { status } = await emulator.control.redeliver(missed!.id);
    expect([status, app.events.length]).toEqual([200, 15]);
    expect(await undelivered()).toEqual([]);
    await expect(emulator.control.redeliver('evt_0')).rejects.toThrow('400');
  });

  it('waits for an app that is down', async () => {
    await app.stop();
    await aPayment(emulator);
    await until(attempts, (count) => count >= 3);
    const next = await new StripeReceiver().start();
    await emulator.control.registerStripeEndpoint(next.url);
    await next.heard(...PAID);
    expect(await allDelivered()).toEqual([]);
    await next.stop();
    app = await new StripeReceiver().start();
  });

  it('goes on where it stopped when the sandbox is started again', async () => {
    app.status = 500;
    await aPayment(emulator);
    await app.heard(...PAID);
    await emulator.stop();
    app.status = 200;
    app.events.length = 0;
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    await app.heard(...PAID);
    expect(await allDelivered()).toEqual([]);
  });

  it('is told to nobody when nobody listens, and does not count as missed', async () => {
    await emulator.control.registerStripeEndpoint(null);
    await aPayment(emulator);
    expect(await undelivered()).toEqual([]);
    expect((await stripe.events.list({ delivery_success: true })).data).toHaveLength(3);
    const [event] = (await stripe.events.list()).data;
    await expect(emulator.control.redeliver(event!.id)).rejects.toThrow('400');
    await expect(emulator.control.registerStripeEndpoint('ftp://nowhere')).rejects.toThrow('400');
    expect(app.events).toEqual([]);
  });

  it('stays untold when the app stops listening before it has taken it', async () => {
    app.status = 500;
    await aPayment(emulator);
    await app.heard(...PAID);
    await emulator.control.registerStripeEndpoint(null);
    expect((await undelivered()).toSorted()).toEqual(PAID.toSorted());
  });

  it('comes twice where a rule says so', async () => {
    await emulator.control.faults([webhookRule('payment_intent.succeeded', { duplicateCallbacks: true })]);
    await aPayment(emulator);
    await until(
      () => app.events.length,
      (count) => count === 4,
    );
    const twice = app.events.filter((event) => event.type === 'payment_intent.succeeded');
    expect(twice.map((event) => event.id)).toEqual([twice[0]!.id, twice[0]!.id]);
  });

  it('comes in the wrong order where a rule says so', async () => {
    await emulator.control.faults([
      webhookRule('payment_intent.created', { reorderCallbacks: true }),
      webhookRule('charge', { loseCallbacks: true }),
    ]);
    await aPayment(emulator);
    await until(
      () => app.types,
      (types) => types.length === 2,
    );
    expect(app.types).toEqual(['payment_intent.succeeded', 'payment_intent.created']);
  });

  it('is held back no longer than two seconds when nothing follows', async () => {
    await emulator.control.faults([webhookRule('payment_intent.created', { reorderCallbacks: true })]);
    await stripe.paymentIntents.create({ amount: 1, currency: 'eur' });
    await app.heard('payment_intent.created');
    expect(app.events).toHaveLength(1);
  });

  it('is late, or never comes, where a rule says so', async () => {
    await emulator.control.faults([
      webhookRule('payment_intent.succeeded', { loseCallbacks: true }),
      webhookRule('payment_intent.created', { callbackDelayMs: 60_000 }),
    ]);
    await aPayment(emulator);
    await app.heard('charge.succeeded');
    await until(undelivered, (types) => types.length === 2);
    expect(app.types).toEqual(['charge.succeeded']);
    const missed = (await stripe.events.list({ delivery_success: false })).data;
    for (const { id } of missed) await emulator.control.redeliver(id);
    expect(app.types.toSorted()).toEqual(PAID.toSorted());
  });

  it('stays lost across a restart', async () => {
    await emulator.control.faults([webhookRule('payment_intent', { loseCallbacks: true })]);
    await aPayment(emulator);
    await app.heard('charge.succeeded');
    await emulator.stop();
    emulator = await TestEmulator.start(dataDir.path);
    await aPayment(emulator);
    await app.heard('payment_intent.succeeded');
    stripe = stripeAt(emulator.base);
    await until(undelivered, (types) => types.length === 2);
    expect(app.types.filter((type) => type === 'payment_intent.succeeded')).toHaveLength(1);
  });

  it.each([
    ['forged', { forgeCallbacks: true }, /No signatures found/],
    ['played again from long ago', { staleCallbacks: true }, /Timestamp outside the tolerance zone/],
  ])('is refused by the app when it is %s, and comes properly when asked for', async (_, effect, reason) => {
    await emulator.control.faults([webhookRule('payment_intent.succeeded', effect)]);
    await aPayment(emulator);
    await until(
      () => app.refused.length,
      (count) => count === 1,
    );
    expect(app.refused[0]).toMatch(reason);
    await app.heard('payment_intent.created', 'charge.succeeded');
    await until(undelivered, (types) => types.length === 1);
    const [attacked] = (await stripe.events.list({ delivery_success: false })).data;
    expect(attacked?.type).toBe('payment_intent.succeeded');
    await emulator.control.redeliver(attacked!.id);
    await allDelivered();
    expect(app.refused).toHaveLength(1);
  });

  it('is left alone by rules about calls of the app, and the other way round', async () => {
    const paid = await aPayment(emulator);
    const { id } = await stripe.refunds.create({ payment_intent: paid.id });
    await allDelivered();
    app.events.length = 0;
    await emulator.control.faults([
      { match: { provider: 'stripe', path: 'refund' }, status: 503, times: 1 },
      { match: { provider: 'stripe' }, duplicateCallbacks: true, times: 1 },
    ]);
    const hits = async () => (await emulator.control.listFaults()).rules.map((rule) => rule.hits);
    await expect(stripe.refunds.create({ payment_intent: paid.id })).rejects.toMatchObject({
      statusCode: 503,
    });
    expect(await hits()).toEqual([1, 0]);
    await emulator.control.faults([{ match: { provider: 'stripe', path: 'refund' }, status: 503 }]);
    await emulator.control.moveRefund(id, 'failed');
    await app.heard('refund.updated', 'refund.failed');
    expect(await hits()).toEqual([0]);
  });
});
