import { ProviderProof } from '../../src/payments/provider-proof.service.js';
import { stripeAt } from '../../src/sandbox/emulator/stripe.fixture.js';
import { aStaffAccount } from '../support/factories.js';
import { aGuestBooking, aPaidService, moneyOf } from '../support/paying.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';

const NOON = '2030-03-04T12:00:00-05:00';
const LOSING = { match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true } as const;

describe('money that is here', () => {
  let app: TestApp;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T15:00:00Z');
    await app.sandbox.clearFaults();
  });

  const paidFor = async () => {
    const booking = await aGuestBooking(app, await aPaidService(app), NOON);
    await app.as(booking.token).post(`/api/bookings/${booking.id}/payment`);
    await app.sandbox.pay({ bookingId: booking.id });
    await waitFor(async () => (await moneyOf(app, booking.id)).booking?.status === 'confirmed');
    await app.effectsDone();
    return booking;
  };
  const shown = async (id: string) => {
    const { body } = await manager.get(`/admin/bookings/${id}`);
    const [payment] = await app.sql<{ id: string }>('select id from payment where booking_id = $1', [id]);
    const { body: shownPayment } = await manager.get(`/admin/payments/${payment?.id}`);
    return [body.paymentStatus, shownPayment.dispute];
  };
  const tasksAbout = (id: string) =>
    app.sql(`select kind, state, outcome from payment_task where booking_id = $1 order by id`, [id]);

  describe('and asked back by the payer’s bank', () => {
    it('stays when the bank decides for the salon, and the booking reads as paid again', async () => {
      const { id } = await paidFor();
      await app.sandbox.dispute({ bookingId: id });
      await waitFor(async () => (await shown(id))[0] === 'disputed');
      expect(await shown(id)).toEqual(['disputed', 'open']);
      expect(await tasksAbout(id)).toMatchObject([{ kind: 'dispute', state: 'open' }]);
      await app.sandbox.dispute({ bookingId: id }, 'won');
      await waitFor(async () => (await shown(id))[0] !== 'disputed');
      expect(await shown(id)).toEqual(['paid', 'won']);
      expect(await tasksAbout(id)).toMatchObject([{ state: 'done', outcome: 'the bank decided: won' }]);
    });

    it('is gone when the bank decides for the payer, and a person is told', async () => {
      const { id } = await paidFor();
      await app.sandbox.dispute({ bookingId: id });
      await app.sandbox.dispute({ bookingId: id }, 'lost');
      await waitFor(async () => (await shown(id))[1] === 'lost');
      await app.effectsDone();
      expect(await shown(id)).toEqual(['disputed', 'lost']);
      expect((await tasksAbout(id)).at(-1)).toMatchObject({ kind: 'dispute', state: 'open' });
      expect((await moneyOf(app, id)).booking).toMatchObject({ paid_minor: 8500, refunded_minor: 0 });
    });

    it('ends the same when the bank’s decision is heard of before the dispute, and twice', async () => {
      const { id } = await paidFor();
      await app.sandbox.faults([LOSING]);
      const { next } = await app.sandbox.log(0);
      await app.sandbox.dispute({ bookingId: id });
      await app.sandbox.dispute({ bookingId: id }, 'won');
      const { entries } = await app.sandbox.log(next);
      const events = entries
        .filter(({ kind }) => kind === 'stripe.change')
        .flatMap(({ data }) => (data as { events: { event: { id: string } }[] }).events);
      expect(events).toHaveLength(2);
      for (const { event } of [...events, ...events].toReversed()) await app.sandbox.redeliver(event.id);
      await waitFor(async () => (await shown(id))[1] === 'won');
      await app.effectsDone();
      expect(await shown(id)).toEqual(['paid', 'won']);
      expect((await tasksAbout(id)).filter(({ state }) => state === 'open')).toEqual([]);
    });
  });

  describe('is held against the provider’s word', () => {
    const prove = () => app.get(ProviderProof).prove();
    const anHourPasses = () => app.sql(`update payment set compared_at = compared_at - interval '1 hour'`);
    const intentOf = async (id: string) => {
      const [row] = await app.sql<{ intent_id: string }>(
        'select intent_id from payment where booking_id = $1',
        [id],
      );
      return row?.intent_id ?? '';
    };
    beforeEach(async () => {
      await prove();
      await app.sql(`update payment set compared_at = now(), drifted_at = null, looked_at = null`);
    });

    it('once it is here, and again in every hour of the next days', async () => {
      const { id } = await paidFor();
      const comparedAt = async () => {
        const rows = await app.sql<{ at: Date | null }>(
          'select compared_at as at from payment where booking_id = $1',
          [id],
        );
        return rows[0]?.at ?? null;
      };
      expect(await comparedAt()).toBeNull();
      expect(await prove()).toBe(0);
      const first = await comparedAt();
      expect(first).not.toBeNull();
      await prove();
      expect(await comparedAt()).toEqual(first);
      await anHourPasses();
      await prove();
      expect((await comparedAt())?.getTime()).toBeGreaterThanOrEqual(first?.getTime() ?? Infinity);
    });

    it('and a refund that nobody told us of is taken into the books', async () => {
      const { id } = await paidFor();
      await app.sandbox.faults([LOSING]);
      await stripeAt(app.config.stripe.apiBase ?? '').refunds.create({
        payment_intent: await intentOf(id),
        amount: 1500,
      });
      expect(await prove()).toBe(1);
      await app.effectsDone();
      expect((await moneyOf(app, id)).booking).toMatchObject({ paid_minor: 8500, refunded_minor: 1500 });
      await anHourPasses();
      expect(await prove()).toBe(0);
      expect(await tasksAbout(id)).toEqual([]);
    });

    it('and a difference that stays for an hour is a person’s, once, and another time when it comes again', async () => {
      const { id } = await paidFor();
      const known = await intentOf(id);
      const isKnownAs = (intentId: string) =>
        app.sql('update payment set intent_id = $2 where booking_id = $1', [id, intentId]);
      await isKnownAs('pi_of_another_account');
      expect(await prove()).toBe(1);
      expect(await tasksAbout(id)).toEqual([]);
      for (let hour = 0; hour < 2; hour += 1) {
        await anHourPasses();
        expect(await prove()).toBe(1);
      }
      expect(await tasksAbout(id)).toMatchObject([{ kind: 'drift', state: 'open' }]);
      await isKnownAs(known);
      await anHourPasses();
      expect(await prove()).toBe(0);
      const healed = { kind: 'drift', state: 'done', outcome: 'both agree again' };
      expect(await tasksAbout(id)).toMatchObject([healed]);
      await isKnownAs('pi_of_another_account');
      for (let hour = 0; hour < 2; hour += 1) {
        await anHourPasses();
        expect(await prove()).toBe(1);
      }
      expect(await tasksAbout(id)).toMatchObject([healed, { kind: 'drift', state: 'open' }]);
      await isKnownAs(known);
    });

    it('and so is a dispute whose end nobody told us of', async () => {
      const { id } = await paidFor();
      await app.sandbox.dispute({ bookingId: id });
      await waitFor(async () => (await shown(id))[1] === 'open');
      await app.sandbox.faults([LOSING]);
      await app.sandbox.dispute({ bookingId: id }, 'won');
      await prove();
      await app.effectsDone();
      expect(await shown(id)).toEqual(['paid', 'won']);
    });

    it('and nothing is believed of a provider that is out', async () => {
      const { id } = await paidFor();
      await app.sandbox.faults([{ match: { provider: 'stripe', path: '/v1/' }, status: 503 }]);
      expect(await prove()).toBe(0);
      const [row] = await app.sql('select compared_at, drifted_at from payment where booking_id = $1', [id]);
      expect(row).toEqual({ compared_at: null, drifted_at: null });
    });
  });
});
