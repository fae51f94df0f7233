import type Stripe from 'stripe';
import { SANDBOX_STRIPE } from './credentials.js';
import { aDataDir, TestEmulator, until } from './emulator.fixture.js';
import { refusalOf, stripeAt } from './stripe.fixture.js';

const VERSION = '2026-10-28.endive';

describe('the same request to the emulated Stripe twice', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  beforeEach(async () => {
    emulator = await TestEmulator.start(dataDir.path);
    await emulator.control.reset();
  });
  afterEach(() => emulator.stop());
  afterAll(() => dataDir.remove());

  const stripe = () => stripeAt(emulator.base);
  const pay = (idempotencyKey: string, change: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    stripe().paymentIntents.create(
      { amount: 100, currency: 'eur', payment_method: 'pm_card_visa', confirm: true, ...change },
      { idempotencyKey },
    );
  const payments = async () => (await stripe().paymentIntents.list({ limit: 100 })).data;
  const replayed = (response: { lastResponse: { headers: Record<string, string> } }) =>
    response.lastResponse.headers['idempotent-replayed'];

  it('is done once, and answered the same', async () => {
    const first = await pay('pi:1');
    const second = await pay('pi:1');
    expect(second).toEqual(first);
    expect([replayed(first), replayed(second)]).toEqual([undefined, 'true']);
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(await payments()).toHaveLength(1);
    expect((await pay('pi:2')).id).not.toBe(first.id);
  });

  it('is done once even when the sandbox was started again in between', async () => {
    const first = await pay('pi:1');
    await emulator.stop();
    emulator = await TestEmulator.start(dataDir.path);
    const second = await pay('pi:1');
    expect([second.id, replayed(second)]).toEqual([first.id, 'true']);
    expect(await payments()).toHaveLength(1);
  });

  it('shows the first answer even when the payment has gone on since', async () => {
    const begin = () =>
      stripe().paymentIntents.create({ amount: 1, currency: 'eur' }, { idempotencyKey: 'pi:1' });
    const { id } = await begin();
    await emulator.control.pay({ paymentIntent: id });
    expect((await begin()).status).toBe('requires_payment_method');
    expect((await stripe().paymentIntents.retrieve(id)).status).toBe('succeeded');
  });

  it('does not take "declined" for an answer that could change', async () => {
    const declined = { payment_method: 'pm_card_visa_chargeDeclined' };
    const first = await refusalOf(pay('pi:1', declined));
    const second = await refusalOf(pay('pi:1', declined));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(second.headers?.['idempotent-replayed']).toBe('true');
    expect(await payments()).toHaveLength(1);
  });

  it('gets a broken answer ever after, when the server broke after the work', async () => {
    await emulator.control.faults([
      { match: { provider: 'stripe' }, status: 500, afterWork: true, times: 1 },
    ]);
    for (const _ of [1, 2]) expect(await refusalOf(pay('pi:1'))).toMatchObject({ type: 'StripeAPIError' });
    expect(await payments()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('is done at last, when the server refused before the work', async () => {
    await emulator.control.faults([{ match: { provider: 'stripe' }, status: 503, times: 1 }]);
    const retrying = stripeAt(emulator.base, { maxNetworkRetries: 1 });
    await retrying.paymentIntents.create({ amount: 1, currency: 'eur' });
    expect(await payments()).toHaveLength(1);
  });

  it('is refused when it is not the same', async () => {
    await pay('pi:1');
    expect(await refusalOf(pay('pi:1', { amount: 101 }))).toMatchObject({
      statusCode: 400,
      type: 'StripeIdempotencyError',
    });
    const [{ id } = { id: '' }] = await payments();
    const other = stripe().paymentIntents.cancel(id, {}, { idempotencyKey: 'pi:1' });
    expect(await refusalOf(other)).toMatchObject({ type: 'StripeIdempotencyError' });
  });

  it('may be corrected under its key: what could not be understood is not remembered', async () => {
    expect(await refusalOf(pay('pi:1', { amount: 0 }))).toMatchObject({ statusCode: 400 });
    expect((await pay('pi:1')).status).toBe('succeeded');
    expect(await refusalOf(pay('k'.repeat(256)))).toMatchObject({ statusCode: 400 });
  });

  it('is refused while the first is still at work, and replayed when that is done', async () => {
    await emulator.control.faults([
      { match: { provider: 'stripe', method: 'POST' }, holdWork: true, times: 1 },
    ]);
    const first = pay('pi:1');
    await until(
      async () => (await emulator.control.listFaults()).held,
      (held) => held === 1,
    );
    expect(await refusalOf(pay('pi:1'))).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    await emulator.control.release();
    expect((await pay('pi:1')).id).toBe((await first).id);
    expect(await payments()).toHaveLength(1);
  });

  it('is let go without work when everything is forgotten meanwhile', async () => {
    await emulator.control.faults([
      { match: { provider: 'stripe', method: 'POST' }, holdWork: true, times: 1 },
    ]);
    const first = refusalOf(pay('pi:1'));
    await until(
      async () => (await emulator.control.listFaults()).held,
      (held) => held === 1,
    );
    await fetch(`${emulator.base}/__state`, { method: 'DELETE' });
    await emulator.control.release();
    expect(await first).toMatchObject({ statusCode: 500 });
    expect(await payments()).toEqual([]);
  });

  it('is another request under another API key', async () => {
    const { id, client_secret } = await stripe().paymentIntents.create(
      { amount: 1, currency: 'eur' },
      { idempotencyKey: 'k' },
    );
    const confirm = await fetch(`${emulator.base}/v1/payment_intents/${id}/confirm`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${SANDBOX_STRIPE.publishableKey}`,
        'stripe-version': VERSION,
        'idempotency-key': 'k',
      },
      body: new URLSearchParams({ client_secret: client_secret!, payment_method: 'pm_card_visa' }),
    });
    expect(confirm.status).toBe(200);
    expect(confirm.headers.get('idempotent-replayed')).toBeNull();
  });
});
