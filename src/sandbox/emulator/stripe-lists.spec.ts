import type Stripe from 'stripe';
import { aDataDir, TestEmulator } from './emulator.fixture.js';
import { aPayment, refusalOf, stripeAt } from './stripe.fixture.js';

describe('the lists of the emulated Stripe', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  let stripe: Stripe;
  /** Oldest first. */
  const made: Stripe.PaymentIntent[] = [];
  beforeAll(async () => {
    emulator = await TestEmulator.start(dataDir.path);
    stripe = stripeAt(emulator.base);
    for (let amount = 1; amount <= 25; amount += 1) made.push(await aPayment(emulator, amount));
  });
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });

  const amounts = (list: Stripe.ApiList<Stripe.PaymentIntent>) => list.data.map((intent) => intent.amount);

  it('begin with the newest, ten at a time', async () => {
    const list = await stripe.paymentIntents.list();
    expect(list).toMatchObject({ object: 'list', has_more: true, url: '/v1/payment_intents' });
    expect(amounts(list)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
  });

  it('go on after, or end before, an object of the page before', async () => {
    const after = await stripe.paymentIntents.list({ limit: 3, starting_after: made[3]!.id });
    expect([amounts(after), after.has_more]).toEqual([[3, 2, 1], false]);
    const before = await stripe.paymentIntents.list({ limit: 3, ending_before: made[20]!.id });
    expect([amounts(before), before.has_more]).toEqual([[24, 23, 22], true]);
    const newest = await stripe.paymentIntents.list({ limit: 10, ending_before: made[23]!.id });
    expect([amounts(newest), newest.has_more]).toEqual([[25], false]);
    const both = { starting_after: made[0]!.id, ending_before: made[1]!.id };
    expect(await refusalOf(stripe.paymentIntents.list(both))).toMatchObject({ statusCode: 400 });
  });

  it('are read to the end by the SDK itself, without repeating or skipping any', async () => {
    const all = await stripe.paymentIntents.list({ limit: 7 }).autoPagingToArray({ limit: 1_000 });
    expect(all.map((intent) => intent.id)).toEqual(made.map((intent) => intent.id).toReversed());
    const events = await stripe.events.list({ limit: 20 }).autoPagingToArray({ limit: 1_000 });
    expect(new Set(events.map((event) => event.id)).size).toBe(75);
  });

  it('hold what was made in a span of time', async () => {
    const now = Math.floor(Date.now() / 1000);
    const count = async (created: Stripe.RangeQueryParam | number) =>
      (await stripe.paymentIntents.list({ created, limit: 100 })).data.length;
    expect(await count({ gte: now - 600, lt: now + 600 })).toBe(25);
    expect(await count({ gt: now + 600 })).toBe(0);
    expect(await count({ lte: now - 600 })).toBe(0);
    expect(await count(now - 600)).toBe(0);
    expect((await stripe.events.list({ created: { gte: now + 600 } })).data).toEqual([]);
  });

  it('hold the events of one kind, or of several', async () => {
    const types = async (params: Stripe.EventListParams) => [
      ...new Set((await stripe.events.list({ ...params, limit: 100 })).data.map((event) => event.type)),
    ];
    expect(await types({ type: 'charge.succeeded' })).toEqual(['charge.succeeded']);
    expect(await types({ type: 'payment_intent.*' })).toEqual([
      'payment_intent.succeeded',
      'payment_intent.created',
    ]);
    expect(await types({ types: ['charge.succeeded', 'charge.failed'] })).toEqual(['charge.succeeded']);
  });

  it('show whole objects in the place of ids', async () => {
    const [newest] = (
      await stripe.paymentIntents.list({ limit: 1, expand: ['data.latest_charge.payment_intent'] })
    ).data;
    expect(newest?.latest_charge).toMatchObject({ object: 'charge', payment_intent: { id: newest?.id } });
    const charges = await stripe.charges.list({ limit: 2, expand: ['data.payment_intent'] });
    expect(charges.data.map((charge) => (charge.payment_intent as Stripe.PaymentIntent).amount)).toEqual([
      25, 24,
    ]);
    // What was shown whole is still kept as an id.
    expect((await stripe.charges.retrieve(charges.data[0]!.id)).payment_intent).toBe(newest?.id);
  });

  it('refuse what they cannot do', async () => {
    expect(await refusalOf(stripe.paymentIntents.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
    expect(await refusalOf(stripe.paymentIntents.list({ customer: 'cus_1' }))).toMatchObject({
      code: 'parameter_unknown',
    });
    expect(await refusalOf(stripe.charges.list({ expand: ['data.customer'] }))).toMatchObject({
      param: 'expand',
    });
  });
});
