import { BookingMoney } from '../../src/bookings/booking-money.service.js';
import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import type { DomainEvent } from '../../src/outbox/outbox.types.js';
import { Refund } from '../../src/payments/entities/refund.entity.js';
import { paymentLate, paymentSettled, refundSettled } from '../../src/payments/payments.events.js';
import type { TestApp } from './test-app.js';

type RefundEnd = 'succeeded' | 'failed' | 'canceled';

/** Tells everyone of facts, in a transaction of its own. */
export function tellAll(app: TestApp, ...events: readonly DomainEvent[]): Promise<void> {
  return app.get(Database).transact(WORKER, (em) => app.get(Outbox).add(em, ...events));
}

/** A payment that came, written past the app: no money of the booking moves. */
export async function aPayment(
  app: TestApp,
  bookingId: string,
  amountMinor = 8500,
): Promise<{ id: string; bookingId: string }> {
  const id = newId();
  await app.sql(
    `insert into payment (id, booking_id, customer_id, purpose, provider, way, amount_minor, currency, state, surplus, created_at, asked_at, settled_at)
     select $1, id, customer_id, 'full', 'stripe', 'intent', $3, currency, 'succeeded', true, app_now(), now(), app_now() from booking where id = $2`,
    [id, bookingId, amountMinor],
  );
  return { id, bookingId };
}

/** Money comes in for a booking, as the payments module takes it: one transaction with what is told of it. */
export async function pay(app: TestApp, bookingId: string, amountMinor = 8500) {
  const payment = await aPayment(app, bookingId, amountMinor);
  return app.get(Database).transact(WORKER, async (em, now) => {
    const money = app.get(BookingMoney);
    const booking = await money.lock(em, bookingId);
    const { outcome } = await money.receive(em, WORKER, booking, amountMinor, now);
    if (outcome === 'late') await app.get(Outbox).add(em, paymentLate(payment));
    else if (booking.netPaidMinor >= booking.totalMinor)
      await app.get(Outbox).add(em, paymentSettled(payment));
    return { ...payment, outcome };
  });
}

/** A refund comes to its end, and everyone is told. */
export async function endRefund(
  app: TestApp,
  payment: { id: string; bookingId: string },
  { state, cause = 'cancellation' }: { state: RefundEnd; cause?: 'cancellation' | 'late' },
  amountMinor = 8500,
): Promise<string> {
  return app.get(Database).transact(WORKER, async (em, now) => {
    const booking = await app.get(BookingMoney).lock(em, payment.bookingId);
    const refund = { id: newId(), paymentId: payment.id, bookingId: booking.id, state };
    em.create(Refund, {
      ...{ ...refund, customerId: booking.customerId, cause, amountMinor, currency: booking.currency },
      ...{ requestedAt: now, settledAt: now },
    });
    await em.flush();
    await app.get(Outbox).add(em, refundSettled(refund));
    return refund.id;
  });
}
