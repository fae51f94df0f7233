import type Stripe from 'stripe';
import { SANDBOX_STRIPE } from './credentials.js';
import { aDataDir, TestEmulator } from './emulator.fixture.js';
import { aPayment, refusalOf, stripeAt } from './stripe.fixture.js';

describe('what the emulated Stripe refuses', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  let stripe: Stripe;
  beforeAll(async () => {
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
  });
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });

  /** On purpose not always of the type the SDK asks for. */
  const create = (params: object) =>
    refusalOf(stripe.paymentIntents.create(params as Stripe.PaymentIntentCreateParams));

  it('strangers, and those with a key of somebody else', async () => {
    const wrong = stripeAt(emulator.base, {}, 'sk_test_of_somebody_else');
    expect(await refusalOf(wrong.balance.retrieve())).toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    });
    const bare = await fetch(`${emulator.base}/v1/balance`);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('request-id')).toMatch(/^req_/);
  });

  it('another version of the API, or none', async () => {
    const old = stripeAt(emulator.base, { apiVersion: '2024-06-20' as Stripe.LatestApiVersion });
    expect(await refusalOf(old.balance.retrieve())).toMatchObject({ statusCode: 400 });
    const authorization = `Bearer ${SANDBOX_STRIPE.secretKey}`;
    const bare = await fetch(`${emulator.base}/v1/balance`, { headers: { authorization } });
    expect(bare.status).toBe(400);
  });

  it.each([
    [{ payment_method_types: ['card'] }, 'payment_method_types', 'parameter_unknown'],
    [{ ammount: 1 }, 'ammount', 'parameter_unknown'],
    [{ automatic_payment_methods: { on: true } }, 'automatic_payment_methods[on]', 'parameter_unknown'],
    [{ automatic_payment_methods: 'yes' }, 'automatic_payment_methods', undefined],
    [{ amount: 0 }, 'amount', 'parameter_invalid_integer'],
    [{ amount: 10.5 }, 'amount', 'parameter_invalid_integer'],
    [{ amount: 100_000_000 }, 'amount', 'parameter_invalid_integer'],
    [{ amount: undefined }, 'amount', 'parameter_missing'],
    [{ currency: 'EUR' }, 'currency', undefined],
    [{ currency: 'xxq' }, 'currency', undefined],
    [{ currency: '' }, 'currency', 'parameter_invalid_empty'],
    [{ currency: undefined }, 'currency', 'parameter_missing'],
    [{ currency: ['eur'] }, 'currency', undefined],
    [{ confirm: 'maybe' }, 'confirm', undefined],
    [{ capture_method: 'manual' }, 'capture_method', undefined],
    [{ payment_method: 'pm_4242' }, 'payment_method', 'resource_missing'],
    [{ statement_descriptor_suffix: 'x'.repeat(23) }, 'statement_descriptor_suffix', undefined],
    [{ metadata: { ['k'.repeat(41)]: 'x' } }, `metadata[${'k'.repeat(41)}]`, undefined],
    [{ metadata: { k: 'x'.repeat(501) } }, 'metadata[k]', undefined],
    [{ metadata: { k: { deep: 'x' } } }, 'metadata[k]', undefined],
    [
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'x'])) },
      'metadata',
      undefined,
    ],
    [{ expand: 'latest_charge' }, 'expand', undefined],
    [{ expand: ['customer.sources'] }, 'expand', undefined],
    [{ expand: ['a.b.c.d.e'] }, 'expand', undefined],
  ])('a payment with %j', async (change, param, code) => {
    const refusal = await create({ amount: 100, currency: 'eur', ...change });
    expect(refusal).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, param });
    expect(refusal.code).toBe(code);
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
  });

  it('brackets that do not fit together', async () => {
    const response = await fetch(`${emulator.base}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SANDBOX_STRIPE.secretKey}` },
      body: 'amount=1&amount[x]=2',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'amount[x]' } });
  });

  it('what there is not', async () => {
    const missing = { statusCode: 404, code: 'resource_missing' };
    const asked = [
      stripe.paymentIntents.retrieve('pi_0'),
      stripe.paymentIntents.confirm('pi_0'),
      stripe.charges.retrieve('ch_0'),
      stripe.refunds.retrieve('re_0'),
      stripe.events.retrieve('evt_0'),
      stripe.checkout.sessions.retrieve('cs_0'),
      stripe.disputes.retrieve('dp_0'),
      stripe.refunds.create({ payment_intent: 'pi_0' }),
      stripe.refunds.create({ charge: 'ch_0' }),
      stripe.paymentIntents.list({ starting_after: 'pi_0' }),
    ];
    for (const call of await Promise.allSettled(asked)) expect(call).toMatchObject({ reason: missing });
    expect(await refusalOf(stripe.customers.list())).toMatchObject({ statusCode: 404 });
    expect(await refusalOf(stripe.paymentIntents.capture('pi_0'))).toMatchObject({ statusCode: 404 });
  });

  it('as a rule of a test says, in its own words', async () => {
    await emulator.control.faults([
      { match: { provider: 'stripe', path: '/v1/refunds' }, status: 429, retryAfter: 3, times: 1 },
      { match: { path: '/v1/balance' }, status: 500, times: 1 },
      { match: { path: '/v1/charges' }, status: 402, times: 1 },
      { match: { path: '/v1/disputes' }, status: 418, times: 1 },
    ]);
    expect(await refusalOf(stripe.refunds.list())).toMatchObject({
      type: 'StripeRateLimitError',
      code: 'rate_limit',
      headers: { 'retry-after': '3' },
      requestId: expect.stringMatching(/^req_/),
    });
    expect(await refusalOf(stripe.balance.retrieve())).toMatchObject({ type: 'StripeAPIError' });
    expect(await refusalOf(stripe.charges.list())).toMatchObject({ type: 'StripeCardError' });
    expect(await refusalOf(stripe.disputes.list())).toMatchObject({ statusCode: 418 });
    await emulator.control.clearFaults();
  });

  it('nothing when the answer is lost, slow or nonsense: the work was done', async () => {
    await emulator.control.faults([
      { match: { provider: 'stripe', method: 'POST' }, reset: 'after', times: 2 },
      { match: { provider: 'stripe', method: 'POST' }, garbage: true, times: 1 },
      { match: { provider: 'stripe', method: 'POST' }, reset: 'before', times: 2 },
      { match: { provider: 'stripe', method: 'POST' }, latencyMs: 1, times: 1 },
    ]);
    // The SDK tries once more when a connection breaks, with the same key: one payment.
    expect(await refusalOf(aPayment(emulator))).toMatchObject({ type: 'StripeConnectionError' });
    expect(await refusalOf(aPayment(emulator))).toBeDefined();
    expect(await refusalOf(aPayment(emulator))).toMatchObject({ type: 'StripeConnectionError' });
    expect(await aPayment(emulator)).toMatchObject({ status: 'succeeded' });
    expect((await stripe.paymentIntents.list()).data).toHaveLength(3);
    expect((await emulator.control.listFaults()).rules.map((rule) => rule.hits)).toEqual([2, 1, 2, 1]);
    await emulator.control.clearFaults();
  });
});
