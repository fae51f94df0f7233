import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { aDataDir, TestEmulator } from './emulator.fixture.js';
import { eventTypes, refusalOf, stripeAt, StripeReceiver, idOf } from './stripe.fixture.js';

const HALF_AN_HOUR_S = 1_800;

describe('the checkout of the emulated Stripe', () => {
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

  const line = (name: string, unit_amount: number, quantity = 1) => ({
    price_data: { currency: 'eur', unit_amount, product_data: { name } },
    quantity,
  });
  const open = (change: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [line('Haircut', 5_000), line('Colour', 1_250, 2)],
      client_reference_id: 'b1',
      metadata: { from: 'session' },
      payment_intent_data: { metadata: { bookingId: 'b1' } },
      success_url: 'http://salon.example/paid?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'http://salon.example/left',
      customer_email: 'ada@example.com',
      ...change,
    });
  const page = async (session: Stripe.Checkout.Session) => (await fetch(session.url!)).text();
  const click = (session: Stripe.Checkout.Session, action: string, headers: Record<string, string> = {}) =>
    fetch(session.url!, {
      method: 'POST',
      body: new URLSearchParams({ action }),
      redirect: 'manual',
      headers,
    });

  it('is opened for a sum, on a page of its own, without a payment yet', async () => {
    const session = await open();
    expect(session).toMatchObject({
      object: 'checkout.session',
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 7_500,
      currency: 'eur',
      client_reference_id: 'b1',
      metadata: { from: 'session' },
      payment_intent: null,
      url: `${emulator.base}/c/pay/${session.id}`,
    });
    expect(session.expires_at - session.created).toBe(24 * 3_600);
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
    const { line_items } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
    expect(line_items?.data).toMatchObject([
      { description: 'Haircut', amount_total: 5_000 },
      { description: 'Colour', quantity: 2, amount_total: 2_500 },
    ]);
  });

  it('is paid with one click, and leads back to the salon', async () => {
    const session = await open();
    const answer = await click(session, 'pay', { origin: emulator.base });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`http://salon.example/paid?session=${session.id}`);
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge'],
    });
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      payment_intent: {
        status: 'succeeded',
        amount: 7_500,
        metadata: { bookingId: 'b1' },
        latest_charge: { paid: true, amount: 7_500 },
      },
    });
    expect(paid.payment_intent).not.toHaveProperty('metadata.from');
    expect(await eventTypes(emulator)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    expect((await click(session, 'pay')).headers.get('location')).toBe(`/c/pay/${session.id}`);
    expect(await page(session)).toContain('This is paid for');
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  it('can be tried again after a declined card, and left', async () => {
    const session = await open();
    expect((await click(session, 'decline')).headers.get('location')).toBe(`/c/pay/${session.id}`);
    expect(await page(session)).toContain('Your card was declined.');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' });
    expect((await click(session, 'leave')).headers.get('location')).toBe('http://salon.example/left');
    await click(session, 'pay');
    const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id);
    expect((await stripe.charges.list({ payment_intent: idOf(payment_intent) })).data).toMatchObject([
      { status: 'succeeded' },
      { status: 'failed' },
    ]);
  });

  it('shows what is written on it as words, and may do nothing but pay and lead back', async () => {
    const session = await open({ line_items: [line('<script>alert("x")</script>', 100)] });
    const response = await fetch(session.url!);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://salon.example;");
    expect(policy).not.toContain('script-src');
    const html = await response.text();
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)');
    expect(html).toContain('€1.00');
  });

  it('shows sums of currencies without cents', async () => {
    const price_data = { currency: 'jpy', unit_amount: 4_000, product_data: { name: 'Cut' } };
    expect(await page(await open({ line_items: [{ price_data, quantity: 1 }] }))).toContain('Pay ¥4,000');
  });

  it('is paid by nobody else’s page, and with no other button', async () => {
    const session = await open();
    expect((await click(session, 'pay', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await click(session, 'refund')).status).toBe(400);
    expect((await fetch(session.url!, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${emulator.base}/c/pay/cs_test_0`)).status).toBe(404);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' });
  });

  it('has no way out where the salon names none', async () => {
    const { cancel_url: _, ...rest } = { cancel_url: '' };
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [line('Cut', 100)],
      success_url: 'http://salon.example/paid',
      ...rest,
    });
    expect(await page(session)).not.toContain('Leave');
    expect((await click(session, 'leave')).headers.get('location')).toBe(`/c/pay/${session.id}`);
  });

  it('is closed by the salon, and nothing can be paid in it any more', async () => {
    const session = await open();
    await click(session, 'decline');
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null });
    expect(await eventTypes(emulator)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'payment_intent.canceled',
      'checkout.session.expired',
    ]);
    expect(await page(session)).toContain('The time to pay has run out.');
    await expect(emulator.control.pay({ session: session.id })).rejects.toThrow('400');
    expect(await refusalOf(stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
  });

  it('runs out at its time, even when the sandbox slept through it', async () => {
    const app = await new StripeReceiver().start();
    await emulator.control.registerStripeEndpoint(app.url);
    const now = Math.floor(Date.now() / 1000);
    const session = await open({ expires_at: now + HALF_AN_HOUR_S + 60 });
    await emulator.stop();
    const journal = join(dataDir.path, 'sandbox.jsonl');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.replaceAll(String(session.expires_at), String(now - 1)));
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    await app.heard('checkout.session.expired');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'expired' });
    await app.stop();
  });

  it('runs out when a test says so', async () => {
    const { id } = await open();
    expect(await emulator.control.expireSession(id)).toEqual({ session: id, status: 'expired' });
    expect(await eventTypes(emulator)).toEqual(['checkout.session.expired']);
  });

  it('is complete with slow money before that arrives, and told again when it does', async () => {
    const session = await open();
    const slow = await emulator.control.pay({ session: session.id }, 'pm_usBankAccount');
    expect(slow).toMatchObject({ status: 'processing', session: session.id });
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
    await emulator.control.settle({ bookingId: 'b1' }, 'success');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });

    const other = await open();
    await emulator.control.pay({ session: other.id }, 'pm_usBankAccount');
    await emulator.control.settle({ bookingId: 'b1' }, 'failure');
    expect((await eventTypes(emulator)).filter((type) => type.startsWith('checkout'))).toEqual([
      'checkout.session.completed',
      'checkout.session.async_payment_succeeded',
      'checkout.session.completed',
      'checkout.session.async_payment_failed',
    ]);
  });

  it('waits with a customer who must prove who they are', async () => {
    const session = await open();
    const asked = await emulator.control.pay({ session: session.id }, 'pm_card_threeDSecure2Required');
    expect(asked.status).toBe('requires_action');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' });
    for (const act of [
      stripe.paymentIntents.cancel(asked.paymentIntent),
      stripe.paymentIntents.confirm(asked.paymentIntent),
    ]) {
      expect(await refusalOf(act)).toMatchObject({ statusCode: 400 });
    }
    await emulator.control.authenticate({ bookingId: 'b1' }, 'success');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ payment_status: 'paid' });
  });

  it.each([
    [{ mode: undefined }, 'mode', 'parameter_missing'],
    [{ mode: 'subscription' }, 'mode', undefined],
    [{ payment_method_types: ['card'] }, 'payment_method_types', 'parameter_unknown'],
    [{ success_url: undefined }, 'success_url', 'parameter_missing'],
    [{ success_url: 'javascript:alert(1)' }, 'success_url', 'url_invalid'],
    [{ cancel_url: 'nowhere' }, 'cancel_url', 'url_invalid'],
    [{ line_items: [] }, 'line_items', 'parameter_missing'],
    [{ line_items: [{ price: 'price_1', quantity: 1 }] }, 'line_items[0][price]', 'parameter_unknown'],
    [{ line_items: [{ quantity: 1 }] }, 'line_items[0][price_data]', 'parameter_missing'],
    [{ line_items: ['x'] }, 'line_items[0]', undefined],
    [
      { line_items: [{ price_data: { currency: 'eur', unit_amount: 1 }, quantity: 1 }] },
      'line_items[0][price_data][product_data]',
      'parameter_missing',
    ],
    [
      { line_items: [{ price_data: { currency: 'eur', product_data: { name: 'x' } }, quantity: 1 }] },
      'line_items[0][price_data][unit_amount]',
      'parameter_missing',
    ],
    [
      { line_items: [{ price_data: { currency: 'eur', unit_amount: 1, product_data: { name: 'x' } } }] },
      'line_items[0][quantity]',
      'parameter_missing',
    ],
    [{ expires_at: Math.floor(Date.now() / 1000) + HALF_AN_HOUR_S - 10 }, 'expires_at', undefined],
    [{ expires_at: Math.floor(Date.now() / 1000) + 25 * 3_600 }, 'expires_at', undefined],
  ])('is not opened with %j', async (change, param, code) => {
    // On purpose not of the type the SDK asks for.
    const refusal = await refusalOf(open(change as Partial<Stripe.Checkout.SessionCreateParams>));
    expect(refusal).toMatchObject({ statusCode: 400, param });
    expect(refusal.code).toBe(code);
  });

  it('is not opened in two currencies', async () => {
    const price_data = { currency: 'usd', unit_amount: 1, product_data: { name: 'x' } };
    const mixed = open({ line_items: [line('Cut', 100), { price_data, quantity: 1 }] });
    expect(await refusalOf(mixed)).toMatchObject({ param: 'line_items' });
  });

  it('is listed by its state and by its payment', async () => {
    const [first, second] = [await open(), await open()];
    const { paymentIntent } = await emulator.control.pay({ session: first.id });
    const ids = async (params: Stripe.Checkout.SessionListParams) =>
      (await stripe.checkout.sessions.list(params)).data.map((session) => session.id);
    expect(await ids({})).toEqual([second.id, first.id]);
    expect(await ids({ status: 'open' })).toEqual([second.id]);
    expect(await ids({ payment_intent: paymentIntent })).toEqual([first.id]);
  });
});
