import type Stripe from 'stripe';
import { aDataDir, TestEmulator } from './emulator.fixture.js';
import { aPayment, eventTypes, refusalOf, stripeAt, idOf } from './stripe.fixture.js';

describe('money given back at the emulated Stripe', () => {
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

  const balance = async () =>
    (await stripe.balance.retrieve()).available.map(({ amount, currency }) => ({ amount, currency }));
  const waitingRefund = async (payment: Stripe.PaymentIntent, amount?: number) => {
    await emulator.control.faults([{ match: { path: '/v1/refunds' }, pendingRefund: true, times: 1 }]);
    return stripe.refunds.create({ payment_intent: payment.id, ...(amount === undefined ? {} : { amount }) });
  };

  it('arrives at once and whole when no amount is said', async () => {
    const paid = await aPayment(emulator);
    const refund = await stripe.refunds.create({
      payment_intent: paid.id,
      reason: 'requested_by_customer',
      metadata: { refundId: 'r1' },
      expand: ['charge.payment_intent', 'payment_intent'],
    });
    expect(refund).toMatchObject({
      object: 'refund',
      amount: 5_000,
      currency: 'eur',
      status: 'succeeded',
      reason: 'requested_by_customer',
      metadata: { refundId: 'r1' },
      charge: {
        id: paid.latest_charge,
        refunded: true,
        amount_refunded: 5_000,
        payment_intent: { id: paid.id },
      },
      payment_intent: { id: paid.id },
    });
    expect(await eventTypes(emulator)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'refund.created',
      'charge.refunded',
    ]);
  });

  it('comes in parts until nothing is left, and never more than was paid', async () => {
    const paid = await aPayment(emulator);
    const charge = idOf(paid.latest_charge);
    await stripe.refunds.create({ charge, amount: 1_500 });
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ amount_refunded: 1_500, refunded: false });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: paid.id, amount: 3_501 }))).toMatchObject({
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      param: 'amount',
    });
    const rest = await stripe.refunds.create({ payment_intent: paid.id });
    expect(rest.amount).toBe(3_500);
    expect(await stripe.charges.retrieve(charge, { expand: ['refunds'] })).toMatchObject({
      amount_refunded: 5_000,
      refunded: true,
      refunds: { data: [{ amount: 3_500 }, { amount: 1_500 }] },
    });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: paid.id, amount: 1 }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    });
  });

  it('is refused where no money was taken', async () => {
    const begun = await stripe.paymentIntents.create({ amount: 1, currency: 'eur' });
    const declined = await refusalOf(
      stripe.paymentIntents.confirm(begun.id, { payment_method: 'pm_card_visa_chargeDeclined' }),
    );
    const slow = await stripe.paymentIntents.create({
      amount: 1,
      currency: 'eur',
      payment_method: 'pm_usBankAccount',
      confirm: true,
    });
    for (const id of [begun.id, declined.payment_intent!.id, slow.id]) {
      expect(await refusalOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
        statusCode: 400,
        code: 'charge_not_refundable',
      });
    }
    expect(await refusalOf(stripe.refunds.create({}))).toMatchObject({ code: 'parameter_missing' });
    const [one, other] = [await aPayment(emulator), await aPayment(emulator)];
    const mixed = { payment_intent: one.id, charge: idOf(other.latest_charge) };
    expect(await refusalOf(stripe.refunds.create(mixed))).toMatchObject({ param: 'charge' });
  });

  it('may wait for the bank, and arrive later', async () => {
    const waiting = await waitingRefund(await aPayment(emulator));
    expect(waiting).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    const moved = await emulator.control.moveRefund(waiting.id, 'succeeded');
    expect(moved).toEqual({ refund: waiting.id, status: 'succeeded' });
    const arrived = await stripe.refunds.retrieve(waiting.id);
    expect(arrived.status).toBe('succeeded');
    expect(arrived).not.toHaveProperty('pending_reason');
    expect((await eventTypes(emulator)).slice(-3)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
    ]);
  });

  it('may fail later, and the money is the salon’s again', async () => {
    const paid = await aPayment(emulator);
    const waiting = await waitingRefund(paid, 2_000);
    expect(await balance()).toEqual([{ currency: 'eur', amount: 3_000 }]);
    await emulator.control.moveRefund(waiting.id, 'failed');
    expect(await stripe.refunds.retrieve(waiting.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'unknown',
    });
    expect(await balance()).toEqual([{ currency: 'eur', amount: 5_000 }]);
    expect((await eventTypes(emulator)).slice(-2)).toEqual(['refund.updated', 'refund.failed']);

    const whole = await stripe.refunds.create({ payment_intent: paid.id });
    await emulator.control.moveRefund(whole.id, 'failed');
    expect(await stripe.charges.retrieve(idOf(paid.latest_charge))).toMatchObject({
      refunded: false,
      amount_refunded: 0,
    });
    await expect(emulator.control.moveRefund(whole.id, 'succeeded')).rejects.toThrow('400');
    await expect(emulator.control.moveRefund('re_0', 'succeeded')).rejects.toThrow('404');
  });

  it('may be called off by the bank', async () => {
    const waiting = await waitingRefund(await aPayment(emulator));
    await emulator.control.moveRefund(waiting.id, 'canceled');
    expect(await stripe.refunds.retrieve(waiting.id)).toMatchObject({ status: 'canceled' });
    expect((await eventTypes(emulator)).at(-1)).toBe('refund.updated');
  });

  it('can be annotated later', async () => {
    const { id } = await stripe.refunds.create({ payment_intent: (await aPayment(emulator)).id });
    expect(await stripe.refunds.update(id, { metadata: { cause: 'late' } })).toMatchObject({
      metadata: { cause: 'late' },
    });
    expect((await eventTypes(emulator)).at(-1)).toBe('refund.updated');
  });

  it('is found by its payment and by its charge', async () => {
    const [one, other] = [await aPayment(emulator), await aPayment(emulator)];
    const first = await stripe.refunds.create({ payment_intent: one.id });
    await stripe.refunds.create({ payment_intent: other.id });
    const ids = async (params: Stripe.RefundListParams) =>
      (await stripe.refunds.list(params)).data.map((refund) => refund.id);
    expect(await ids({ payment_intent: one.id })).toEqual([first.id]);
    expect(await ids({ charge: idOf(one.latest_charge) })).toEqual([first.id]);
    expect(await ids({})).toHaveLength(2);
  });

  it('adds up: the balance is what was taken less what was given back, by currency', async () => {
    expect(await balance()).toEqual([]);
    const [one] = [await aPayment(emulator), await aPayment(emulator, 700)];
    await stripe.refunds.create({ payment_intent: one.id, amount: 1_000 });
    await stripe.paymentIntents.create({
      amount: 300,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    await refusalOf(
      stripe.paymentIntents.create({
        amount: 99,
        currency: 'usd',
        payment_method: 'pm_card_visa_chargeDeclined',
        confirm: true,
      }),
    );
    expect((await balance()).toSorted((a, b) => a.currency.localeCompare(b.currency))).toEqual([
      { currency: 'eur', amount: 4_700 },
      { currency: 'usd', amount: 300 },
    ]);
  });

  it('is disputed at the bank, which decides', async () => {
    const paid = await aPayment(emulator, 5_000, { bookingId: 'b1' });
    const open = await emulator.control.dispute({ bookingId: 'b1' });
    expect(open.status).toBe('needs_response');
    expect(await stripe.disputes.retrieve(open.dispute)).toMatchObject({
      payment_intent: paid.id,
      charge: paid.latest_charge,
      amount: 5_000,
    });
    expect(await stripe.charges.retrieve(idOf(paid.latest_charge))).toMatchObject({ disputed: true });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: paid.id }))).toMatchObject({
      code: 'charge_disputed',
    });
    await expect(emulator.control.dispute({ paymentIntent: paid.id })).rejects.toThrow('400');
    const closed = await emulator.control.dispute({ paymentIntent: paid.id }, 'lost');
    expect(closed).toEqual({ dispute: open.dispute, status: 'lost' });
    await expect(emulator.control.dispute({ paymentIntent: paid.id }, 'won')).rejects.toThrow('400');
    expect((await eventTypes(emulator)).slice(-2)).toEqual([
      'charge.dispute.created',
      'charge.dispute.closed',
    ]);
    const begun = await stripe.paymentIntents.create({ amount: 1, currency: 'eur' });
    await expect(emulator.control.dispute({ paymentIntent: begun.id })).rejects.toThrow('400');
  });
});
