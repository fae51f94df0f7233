import Stripe from 'stripe';
import { SANDBOX_STRIPE } from '../../src/sandbox/emulator/credentials.js';
import { startSandbox } from '../../src/sandbox/sandbox.process.js';
import { TestApp } from '../support/test-app.js';

describe('the sandbox of Stripe', () => {
  let app: TestApp;
  let stripe: Stripe;
  beforeAll(async () => {
    app = await TestApp.start();
    const { httpBase } = await startSandbox({ dataDir: app.config.dataDir });
    const { hostname: host, port } = new URL(httpBase);
    stripe = new Stripe(SANDBOX_STRIPE.secretKey, { protocol: 'http', host, port, telemetry: false });
  });
  afterAll(() => app.stop());

  const begin = (bookingId: string) =>
    stripe.paymentIntents.create({ amount: 5_000, currency: 'usd', metadata: { bookingId } });
  const act = (what: string, body: object) => app.as().post(`/sandbox/stripe/${what}`, body);

  it('lets a customer try to pay for a booking until it works, and shows it', async () => {
    const { id } = await begin('paid');
    const declined = await act('pay', {
      bookingId: 'paid',
      paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds',
    });
    expect([declined.status, declined.body]).toEqual([
      200,
      {
        paymentIntent: id,
        session: null,
        status: 'requires_payment_method',
        errorCode: 'card_declined',
        declineCode: 'insufficient_funds',
        message: 'Your card has insufficient funds.',
      },
    ]);
    const paid = await act('pay', { bookingId: 'paid' });
    expect(paid.body).toMatchObject({ paymentIntent: id, status: 'succeeded', errorCode: null });
    const { body } = await app.as().get('/sandbox');
    expect(body.payments).toContainEqual({
      at: expect.any(String),
      paymentIntent: id,
      session: null,
      amount: 5_000,
      currency: 'usd',
      status: 'succeeded',
      refunded: 0,
      bookingId: 'paid',
      payUrl: null,
    });
  });

  it('lets a customer prove who they are, and slow money arrive', async () => {
    const { id } = await begin('proven');
    const asked = await act('pay', { paymentIntent: id, paymentMethod: 'pm_card_threeDSecure2Required' });
    expect(asked.body.status).toBe('requires_action');
    const proven = await act('authenticate', { bookingId: 'proven', outcome: 'success' });
    expect(proven.body.status).toBe('succeeded');
    await begin('slow');
    await act('pay', { bookingId: 'slow', paymentMethod: 'pm_usBankAccount' });
    expect((await act('settle', { bookingId: 'slow', outcome: 'failure' })).body).toMatchObject({
      status: 'requires_payment_method',
      errorCode: 'insufficient_funds',
    });
  });

  it('lets the bank decide about refunds and disputes', async () => {
    const { id } = await begin('back');
    await act('pay', { paymentIntent: id });
    const dispute = await act('dispute', { bookingId: 'back' });
    expect(dispute.body).toMatchObject({ status: 'needs_response' });
    expect((await act('dispute', { bookingId: 'back', verdict: 'won' })).body.status).toBe('won');

    const other = await begin('refunded');
    await act('pay', { paymentIntent: other.id });
    await app.as().post('/sandbox/faults', {
      rules: [{ match: { provider: 'stripe', path: '/v1/refunds' }, pendingRefund: true, times: 1 }],
    });
    const refund = await stripe.refunds.create({ payment_intent: other.id });
    await app.as().delete('/sandbox/faults');
    expect(refund.status).toBe('pending');
    expect((await act('refund', { refund: refund.id, status: 'failed' })).body).toEqual({
      refund: refund.id,
      status: 'failed',
    });
  });

  it('says what is not there, what cannot be done, and what it does not understand', async () => {
    const { id } = await begin('wrong');
    const answers = [
      await act('pay', { bookingId: 'nobody' }),
      await act('settle', { paymentIntent: id, outcome: 'success' }),
      await act('pay', {}),
      await act('pay', { paymentIntent: id, paymentMethod: 'pm_4242' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'not-found'],
      [409, 'conflict'],
      [422, 'validation-failed'],
      [422, 'validation-failed'],
    ]);
  });
});
