import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../../src/common/actor.js';
import { Booking } from '../../src/bookings/entities/booking.entity.js';
import { Database } from '../../src/database/database.service.js';
import { Payment } from '../../src/payments/entities/payment.entity.js';
import { Receipts } from '../../src/payments/receipts.service.js';
import { aBooking, type MadeBooking } from '../support/factories.js';
import { aPayment } from '../support/payment-rows.js';
import { TestApp } from '../support/test-app.js';

const PAYMENTS = 200;
const AT_ONCE = 8;

class Undone extends Error {}

describe('receipts', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs('2030-03-01T14:00:00Z');
  });
  afterAll(() => app.stop());

  const issue = async (em: EntityManager, paymentId: string, now: Date) => {
    const payment = await em.findOneOrFail(Payment, paymentId);
    const booking = await em.findOneOrFail(Booking, payment.bookingId);
    return app.get(Receipts).issue(em, payment, booking, now);
  };
  const issued = (paymentId: string) =>
    app.get(Database).transact(WORKER, (em, now) => issue(em, paymentId, now));
  const numbers = async () =>
    (await app.sql<{ number: number }>('select number from receipt order by number')).map(
      ({ number }) => number,
    );
  const aCardPayment = async (booking: MadeBooking, last4 = '4242') =>
    aPayment(app, { bookingId: booking.id, surplus: true, last4 });

  it('name the tax that was set when the money came, and keep it when it changes', async () => {
    const booking = await aBooking(app, { startsAt: '2030-03-04T11:00:00-05:00' });
    const paymentId = await aCardPayment(booking);
    await app.sql(`update business set tax_name = 'VAT', tax_milli_percent = 19000`);
    const { facts } = await issued(paymentId);
    await app.sql(`update business set tax_name = 'Tax', tax_milli_percent = 0`);
    expect(facts.tax).toEqual({ name: 'VAT', milliPercent: 19_000, amountMinor: 1357 });
    expect((await issued(paymentId)).facts).toEqual(facts);
    const untaxed = await issued(
      await aCardPayment(await aBooking(app, { startsAt: '2030-03-04T13:00:00-05:00' })),
    );
    expect(untaxed.facts).not.toHaveProperty('tax');
  });

  it('have numbers in a row, each once, though hundreds are issued at once and a third of that is undone', async () => {
    const booking = await aBooking(app, { startsAt: '2030-03-04T09:00:00-05:00' });
    const payments = await Promise.all(Array.from({ length: PAYMENTS }, () => aCardPayment(booking)));
    const before = (await numbers()).length;
    const queue = payments.entries();
    const undone: string[] = [];
    const work = async () => {
      for (const [index, paymentId] of queue) {
        const attempt = app.get(Database).transact(WORKER, async (em, now) => {
          await issue(em, paymentId, now);
          if (index % 3 === 0) throw new Undone();
        });
        await attempt.catch((error: unknown) => {
          if (!(error instanceof Undone)) throw error;
          undone.push(paymentId);
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    const kept = before + PAYMENTS - undone.length;
    expect(undone).toHaveLength(Math.ceil(PAYMENTS / 3));
    expect(await numbers()).toEqual(Array.from({ length: kept }, (_, index) => index + 1));
  }, 60_000);

  it('are issued once for a payment, whoever asks again and however many at once', async () => {
    const booking = await aBooking(app, { startsAt: '2030-03-05T09:00:00-05:00' });
    const paymentId = await aCardPayment(booking);

    const receipts = await Promise.all(Array.from({ length: 5 }, () => issued(paymentId)));

    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
    expect(await numbers()).toEqual(Array.from({ length: (await numbers()).length }, (_, at) => at + 1));
  });

  it('keep what was true when the money came, whatever is renamed later', async () => {
    const booking = await aBooking(app, { startsAt: '2030-03-06T09:00:00-05:00', name: 'Ada Lovelace' });
    const paymentId = await aCardPayment(booking, '0005');
    await issued(paymentId);
    await app.sql(`update customer set name = 'Somebody Else' where id = $1`, [booking.customerId]);
    await app.sql(`update booking set service_name = 'Perm', starts_at = starts_at - interval '1 hour'`);

    const { facts, ...receipt } = await issued(paymentId);

    expect(receipt).toMatchObject({ amountMinor: 8500, currency: 'USD', bookingId: booking.id });
    expect(facts).toMatchObject({
      ...{ salon: 'Lawrei Beauty', customer: 'Ada Lovelace', service: 'Haircut', staff: 'Grace' },
      ...{ start: '2030-03-06T09:00:00-05:00', method: 'Visa •••• 0005' },
    });
  });

  it('say what really came where that was accepted instead of what was asked for', async () => {
    const booking = await aBooking(app, { startsAt: '2030-03-07T09:00:00-05:00' });
    const paymentId = await aCardPayment(booking);
    await app.sql(`update payment set strange_minor = 8000, strange_currency = 'EUR' where id = $1`, [
      paymentId,
    ]);

    expect(await issued(paymentId)).toMatchObject({ amountMinor: 8000, currency: 'EUR' });
  });
});
