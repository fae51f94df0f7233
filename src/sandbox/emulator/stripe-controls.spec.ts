import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { aDataDir, TestEmulator } from './emulator.fixture.js';
import { aPayment, stripeAt } from './stripe.fixture.js';

describe('what a person sees of the emulated Stripe and does there', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  let stripe: Stripe;
  beforeEach(async () => {
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    await emulator.control.reset();
  });
  afterEach(() => emulator.stop());
  afterAll(() => dataDir.remove());

  const begin = (bookingId: string) =>
    stripe.paymentIntents.create({ amount: 5_000, currency: 'eur', metadata: { bookingId } });
  const open = (change: Partial<Stripe.Checkout.SessionCreateParams>) =>
    stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        { price_data: { currency: 'eur', unit_amount: 900, product_data: { name: 'Cut' } }, quantity: 1 },
      ],
      success_url: 'http://salon.example/',
      ...change,
    });
  const control = async (path: string, body: unknown) => {
    const response = await fetch(`${emulator.base}/__stripe/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return response.status;
  };

  it('shows every payment, oldest first, with what was given back', async () => {
    const paid = await aPayment(emulator, 5_000, { bookingId: 'b1' });
    await stripe.refunds.create({ payment_intent: paid.id, amount: 2_000 });
    const { seq } = await emulator.control.state();
    const session = await open({ payment_intent_data: { metadata: { bookingId: 'b2' } } });
    const { payments } = await emulator.control.state();
    expect(payments).toMatchObject([
      {
        paymentIntent: paid.id,
        session: null,
        amount: 5_000,
        currency: 'eur',
        status: 'succeeded',
        refunded: 2_000,
        metadata: { bookingId: 'b1' },
        payUrl: null,
      },
      { paymentIntent: null, session: session.id, amount: 900, status: 'open', payUrl: session.url },
    ]);
    expect(Math.abs(Date.parse(payments[0]?.at ?? '') - Date.now())).toBeLessThan(60_000);
    expect((await emulator.control.state({ since: seq })).payments).toHaveLength(1);
    expect((await emulator.control.state({ to: 'ada@example.com' })).payments).toEqual([]);

    await emulator.control.pay({ session: session.id });
    expect((await emulator.control.state()).payments[1]).toMatchObject({
      paymentIntent: expect.stringMatching(/^pi_/),
      session: session.id,
      status: 'succeeded',
      metadata: { bookingId: 'b2' },
      payUrl: null,
    });
  });

  it('lets the customer of a booking pay, or be declined', async () => {
    const intent = await begin('b1');
    await begin('b2');
    expect(await emulator.control.pay({ bookingId: 'b1' }, 'pm_card_visa_chargeDeclined')).toEqual({
      paymentIntent: intent.id,
      session: null,
      status: 'requires_payment_method',
      error: { code: 'card_declined', declineCode: 'generic_decline', message: 'Your card was declined.' },
    });
    expect(await emulator.control.pay({ bookingId: 'b1' })).toMatchObject({
      status: 'succeeded',
      error: null,
    });
    await expect(emulator.control.pay({ bookingId: 'b1' })).rejects.toThrow('404');
    await expect(emulator.control.pay({ paymentIntent: intent.id })).rejects.toThrow('400');
  });

  it.each([
    ['what its payment will say', { payment_intent_data: { metadata: { bookingId: 'b1' } } }],
    ['its own metadata', { metadata: { bookingId: 'b1' } }],
    ['the salon’s reference', { client_reference_id: 'b1' }],
  ])('finds the checkout of a booking by %s', async (_, change) => {
    const session = await open(change);
    expect(await emulator.control.pay({ bookingId: 'b1' })).toMatchObject({
      session: session.id,
      status: 'succeeded',
    });
  });

  it('says what it does not understand, and finds nothing where there is nothing', async () => {
    const { id } = await begin('b1');
    for (const [path, body] of [
      ['pay', {}],
      ['pay', []],
      ['pay', { paymentIntent: 7 }],
      ['pay', { paymentIntent: id, paymentMethod: 'pm_4242' }],
      ['authenticate', { paymentIntent: id }],
      ['authenticate', { paymentIntent: id, outcome: 'perhaps' }],
      ['authenticate', { paymentIntent: id, outcome: 'success' }],
      ['settle', { paymentIntent: id, outcome: 'success' }],
      ['redeliver', {}],
    ] as const) {
      expect([path, await control(path, body)]).toEqual([path, 400]);
    }
    for (const [path, body] of [
      ['pay', { paymentIntent: 'pi_0' }],
      ['pay', { session: 'cs_0' }],
      ['pay', { bookingId: 'b0' }],
      ['settle', { bookingId: 'b1', outcome: 'success' }],
      ['expire', { session: 'cs_0' }],
      ['refund', { refund: 're_0', status: 'failed' }],
    ] as const) {
      expect([path, await control(path, body)]).toEqual([path, 404]);
    }
    expect((await emulator.control.state()).payments).toMatchObject([{ status: 'requires_payment_method' }]);
  });

  it('forgets nothing when it is started again', async () => {
    const paid = await aPayment(emulator, 5_000, { bookingId: 'b1' });
    const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 1_000 });
    const session = await open({ client_reference_id: 'b2' });
    const events = (await stripe.events.list()).data;
    const before = await emulator.control.state();
    await emulator.stop();
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    expect(await emulator.control.state()).toEqual(before);
    expect((await stripe.events.list()).data).toEqual(events);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ amount: 1_000 });
    expect((await stripe.balance.retrieve()).available).toMatchObject([{ amount: 4_000, currency: 'eur' }]);
    expect(await emulator.control.pay({ session: session.id })).toMatchObject({ status: 'succeeded' });
  });

  it('has all of a payment or nothing when it was killed in the middle of writing', async () => {
    await aPayment(emulator);
    await emulator.stop();
    const journal = join(dataDir.path, 'sandbox.jsonl');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.slice(0, -10));
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    expect((await stripe.charges.list()).data).toEqual([]);
    expect((await stripe.events.list()).data).toEqual([]);
  });

  it('remembers an idempotency key for a day', async () => {
    const create = () =>
      stripe.paymentIntents.create({ amount: 1, currency: 'eur' }, { idempotencyKey: 'pi:1' });
    const first = await create();
    await emulator.stop();
    const journal = join(dataDir.path, 'sandbox.jsonl');
    const text = readFileSync(journal, 'utf8');
    const yesterday = new Date(Date.now() - 24 * 3_600_000 - 1_000).toISOString();
    writeFileSync(journal, text.replaceAll(/"at":"[^"]+"/g, `"at":"${yesterday}"`));
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    expect((await create()).id).not.toBe(first.id);
  });
});
