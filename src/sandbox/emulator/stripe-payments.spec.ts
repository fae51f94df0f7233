import type Stripe from 'stripe';
import { SANDBOX_STRIPE } from './credentials.js';
import { aDataDir, TestEmulator } from './emulator.fixture.js';
import { aPayment, eventTypes, refusalOf, stripeAt, idOf } from './stripe.fixture.js';

describe('a payment at the emulated Stripe', () => {
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
  beforeEach(() => emulator.control.reset());

  const begin = (change: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    stripe.paymentIntents.create({ amount: 5_000, currency: 'eur', ...change });
  const inBrowser = () => stripeAt(emulator.base, {}, SANDBOX_STRIPE.publishableKey);

  it('waits for a means of payment, then for the customer, then has the money', async () => {
    const begun = await begin({
      automatic_payment_methods: { enabled: true },
      metadata: { bookingId: 'b1' },
    });
    expect(begun).toMatchObject({
      object: 'payment_intent',
      status: 'requires_payment_method',
      amount: 5_000,
      amount_received: 0,
      metadata: { bookingId: 'b1' },
      livemode: false,
      latest_charge: null,
    });
    expect(begun.client_secret).toMatch(new RegExp(`^${begun.id}_secret_`));
    const chosen = await stripe.paymentIntents.update(begun.id, { payment_method: 'pm_card_mastercard' });
    expect(chosen.status).toBe('requires_confirmation');
    const paid = await stripe.paymentIntents.confirm(begun.id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({
      status: 'succeeded',
      amount_received: 5_000,
      latest_charge: {
        object: 'charge',
        amount: 5_000,
        paid: true,
        payment_intent: begun.id,
        metadata: { bookingId: 'b1' },
        payment_method_details: { type: 'card', card: { brand: 'mastercard', last4: '4444' } },
      },
    });
    expect(await eventTypes(emulator)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it('is made, confirmed and paid in one call', async () => {
    const paid = await aPayment(emulator);
    expect(paid.status).toBe('succeeded');
    expect(await stripe.charges.retrieve(idOf(paid.latest_charge))).toMatchObject({ status: 'succeeded' });
    const { data } = await stripe.charges.list({ payment_intent: paid.id });
    expect(data.map((charge) => charge.id)).toEqual([paid.latest_charge]);
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('is declined with %s, says why, and can be tried again', async (method, declineCode) => {
    const refusal = await refusalOf(begin({ payment_method: method, confirm: true }));
    expect(refusal).toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: declineCode,
      payment_intent: {
        status: 'requires_payment_method',
        last_payment_error: { decline_code: declineCode },
      },
    });
    const { id } = refusal.payment_intent!;
    expect((await stripe.charges.list({ payment_intent: id })).data).toMatchObject([
      { status: 'failed', paid: false, failure_code: 'card_declined' },
    ]);
    const again = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(again).toMatchObject({ status: 'succeeded', last_payment_error: null });
    expect(await eventTypes(emulator)).toEqual([
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'charge.succeeded',
      'payment_intent.succeeded',
    ]);
  });

  it.each(['pm_card_authenticationRequired', 'pm_card_threeDSecure2Required'])(
    'waits with %s for the customer to prove who they are',
    async (method) => {
      const asked = await begin({ payment_method: method, confirm: true });
      expect(asked).toMatchObject({ status: 'requires_action', next_action: { type: 'use_stripe_sdk' } });
      const proven = await emulator.control.authenticate({ paymentIntent: asked.id }, 'success');
      expect(proven).toMatchObject({ status: 'succeeded', error: null });
      expect(await eventTypes(emulator)).toContain('payment_intent.requires_action');

      const other = await begin({ payment_method: method, confirm: true });
      const failed = await emulator.control.authenticate({ paymentIntent: other.id }, 'failure');
      expect(failed).toMatchObject({
        status: 'requires_payment_method',
        error: { code: 'payment_intent_authentication_failure' },
      });
      expect((await stripe.charges.list({ payment_intent: other.id })).data).toEqual([]);
    },
  );

  it('takes its time from a bank account, and may yet fail', async () => {
    const slow = await begin({ payment_method: 'pm_usBankAccount', confirm: true });
    expect(slow.status).toBe('processing');
    await expect(stripe.paymentIntents.cancel(slow.id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect(await emulator.control.settle({ paymentIntent: slow.id }, 'success')).toMatchObject({
      status: 'succeeded',
    });
    const lost = await begin({ payment_method: 'pm_usBankAccount', confirm: true });
    expect(await emulator.control.settle({ paymentIntent: lost.id }, 'failure')).toMatchObject({
      status: 'requires_payment_method',
      error: { code: 'insufficient_funds' },
    });
    expect((await stripe.charges.list({ payment_intent: lost.id })).data).toMatchObject([
      { status: 'failed' },
    ]);
    expect(await eventTypes(emulator)).toEqual(
      expect.arrayContaining([
        'payment_intent.processing',
        'charge.pending',
        'payment_intent.payment_failed',
      ]),
    );
  });

  it('can be given up, but not paid after that', async () => {
    const { id } = await begin();
    expect(await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      canceled_at: expect.any(Number),
    });
    expect(
      await refusalOf(stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' })),
    ).toMatchObject({
      statusCode: 400,
      code: 'payment_intent_unexpected_state',
      payment_intent: { status: 'canceled' },
    });
    expect(await refusalOf(stripe.paymentIntents.update(id, { amount: 1 }))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect(await eventTypes(emulator)).toContain('payment_intent.canceled');
  });

  it('cannot be confirmed without a means of payment', async () => {
    const { id } = await begin();
    await expect(stripe.paymentIntents.confirm(id)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    await expect(begin({ confirm: true })).rejects.toMatchObject({ code: 'parameter_missing' });
  });

  it('can be changed before it is paid; metadata are merged', async () => {
    const { id } = await begin({ metadata: { a: '1', b: '2' }, description: 'Haircut' });
    const changed = await stripe.paymentIntents.update(id, {
      amount: 6_000,
      currency: 'usd',
      receipt_email: 'ada@example.com',
      metadata: { a: '', c: '3' },
    });
    expect(changed).toMatchObject({
      amount: 6_000,
      currency: 'usd',
      description: 'Haircut',
      receipt_email: 'ada@example.com',
      metadata: { b: '2', c: '3' },
    });
    expect(changed.metadata).not.toHaveProperty('a');
  });

  it('is paid by the customer’s browser with the client secret, which sees nothing the salon noted', async () => {
    const begun = await begin({ metadata: { bookingId: 'secret' } });
    const secret = { client_secret: begun.client_secret! };
    const seen = await inBrowser().paymentIntents.retrieve(begun.id, secret);
    expect(seen.id).toBe(begun.id);
    expect(seen).not.toHaveProperty('metadata');
    const confirm = (params: object) => inBrowser().paymentIntents.confirm(begun.id, params);
    const declined = await refusalOf(confirm({ ...secret, payment_method: 'pm_card_visa_chargeDeclined' }));
    expect(declined.payment_intent).not.toHaveProperty('metadata');
    const paid = await confirm({ ...secret, payment_method: 'pm_card_visa' });
    expect(paid.status).toBe('succeeded');
    expect(paid).not.toHaveProperty('metadata');
  });

  it('gives a browser nothing else, and nothing without the right secret', async () => {
    const { id } = await begin();
    const browser = inBrowser();
    await expect(browser.paymentIntents.retrieve(id)).rejects.toMatchObject({ statusCode: 401 });
    const wrong = { client_secret: `${id}_secret_guessed` };
    await expect(browser.paymentIntents.retrieve(id, wrong)).rejects.toMatchObject({
      statusCode: 400,
      param: 'client_secret',
    });
    const attempts = [
      browser.paymentIntents.list(),
      browser.paymentIntents.create({ amount: 1, currency: 'eur' }),
      browser.refunds.create({ payment_intent: id }),
      browser.paymentIntents.cancel(id),
    ];
    for (const result of await Promise.allSettled(attempts)) {
      expect(result).toMatchObject({ reason: { statusCode: 403, code: 'secret_key_required' } });
    }
  });

  it('is confirmed as Stripe.js does it: key and secret in the form, no version', async () => {
    const { id, client_secret } = await begin();
    const form = {
      key: SANDBOX_STRIPE.publishableKey,
      client_secret: client_secret!,
      payment_method: 'pm_card_visa',
    };
    const response = await fetch(`${emulator.base}/v1/payment_intents/${id}/confirm`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(await response.json()).toMatchObject({ id, status: 'succeeded' });
  });
});
