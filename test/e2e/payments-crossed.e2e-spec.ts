import { stripeAt } from '../../src/sandbox/emulator/stripe.fixture.js';
import { aStaffAccount } from '../support/factories.js';
import { aGuestBooking, aPaidService, moneyOf, type GuestBooking } from '../support/paying.js';
import { TestApp, waitFor } from '../support/test-app.js';

const NOON = '2030-03-04T12:00:00-05:00';

describe('a payment', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T15:00:00Z');
    await app.sandbox.clearFaults();
  });

  const held = async () => aGuestBooking(app, await aPaidService(app), NOON);
  const start = (booking: GuestBooking, way: 'payment' | 'checkout' = 'payment') =>
    app.as(booking.token).post(`/api/bookings/${booking.id}/${way}`);
  const isConfirmed = (id: string) =>
    waitFor(async () => (await moneyOf(app, id)).booking?.status === 'confirmed');

  it('that waits, and the provider’s last word, are shown with the state of the services', async () => {
    const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    const shown = async () => (await manager.get('/admin/services/status')).body.services.payments;
    expect(await shown()).toMatchObject({ oldestUnsettledSeconds: null, openTasks: 0 });
    const booking = await held();
    await start(booking);
    await waitFor(async () => (await shown()).lastWebhookAt !== null);
    await app.sql(`update payment set asked_at = asked_at - interval '90 seconds' where booking_id = $1`, [
      booking.id,
    ]);
    expect((await shown()).oldestUnsettledSeconds).toBeGreaterThanOrEqual(90);
  });

  it('whose webhook is still on the way is seen by whoever asks again, in the form and on the page', async () => {
    for (const way of ['payment', 'checkout'] as const) {
      const booking = await held();
      await start(booking, way);
      await app.sandbox.faults([{ match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true }]);
      await app.sandbox.pay({ bookingId: booking.id });
      expect((await start(booking, way)).body).toMatchObject({ code: 'nothing-to-pay' });
      expect((await moneyOf(app, booking.id)).booking?.status).toBe('confirmed');
      await app.sandbox.clearFaults();
    }
  });

  it('given up while it was being made is closed once it is there', async () => {
    const booking = await held();
    await app.sandbox.faults([
      { match: { provider: 'stripe', method: 'POST', path: '/v1/payment_intents' }, latencyMs: 700 },
    ]);
    const slow = start(booking);
    await waitFor(async () => (await moneyOf(app, booking.id)).payments.length === 1);
    await app.sql(`update payment set state = 'canceled' where booking_id = $1`, [booking.id]);
    await slow;
    await app.sandbox.clearFaults();
    await waitFor(async () => {
      const [at] = (await app.sandbox.state()).payments.filter(
        ({ metadata }) => metadata['bookingId'] === booking.id,
      );
      return at?.status === 'canceled';
    });
    await waitFor(
      async () =>
        (await app.sql('select 1 from payment where booking_id = $1 and is_closed', [booking.id])).length ===
        1,
    );
  });

  it('in part, and given back, counts for nothing: only what is still here confirms', async () => {
    const booking = await held();
    const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    await start(booking);
    const higher = { price: { amount: 10_000, currency: 'USD' }, reason: 'long hair' };
    expect((await manager.put(`/admin/bookings/${booking.id}/price`, higher)).status).toBe(200);
    await app.sandbox.pay({ bookingId: booking.id });
    await waitFor(async () => (await moneyOf(app, booking.id)).booking?.paid_minor === 8500);
    const [payment] = (await moneyOf(app, booking.id)).payments;
    await manager.post(`/admin/payments/${payment?.id}/refund`, { reason: 'begin anew' });
    expect((await start(booking)).body.amount.amount).toBe(10_000);
    expect((await moneyOf(app, booking.id)).booking?.status).toBe('held');
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
  });

  it('given back on the provider’s own pages while we promise the same ends with true books', async () => {
    const booking = await held();
    await start(booking);
    await app.sandbox.pay({ bookingId: booking.id });
    await isConfirmed(booking.id);
    const [{ intent_id } = { intent_id: '' }] = await app.sql<{ intent_id: string }>(
      'select intent_id from payment where booking_id = $1',
      [booking.id],
    );
    await app.sandbox.faults([
      { match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true },
      { match: { provider: 'stripe', method: 'POST', path: '/v1/refunds' }, status: 503 },
    ]);
    await app.as(booking.token).post(`/api/bookings/${booking.id}/cancel`, {});
    // Promised, tried in vain, and not tried again before the provider's own refund stands.
    const postponed = `update outbox_message set retry_at = now() + interval '1 hour'
      where topic = 'refund.send' and state = 'pending' and retry_at is not null returning 1`;
    await waitFor(async () => (await app.sql(postponed)).length === 1);
    await app.sandbox.faults([{ match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true }]);
    await stripeAt(app.config.stripe.apiBase ?? '').refunds.create({ payment_intent: intent_id });
    await app.sql(`update outbox_message set retry_at = null where state = 'pending'`);
    await waitFor(async () => (await moneyOf(app, booking.id)).refunds.length === 2);
    await app.effectsDone();
    const { booking: money, refunds } = await moneyOf(app, booking.id);
    expect(money).toMatchObject({ paid_minor: 8500, refunded_minor: 8500 });
    expect(refunds.map(({ cause, state }) => [cause, state])).toEqual([
      ['cancellation', 'failed'],
      ['staff', 'succeeded'],
    ]);
  });
});
