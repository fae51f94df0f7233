import { bookingFact } from '../../src/bookings/bookings.events.js';
import { paymentLate } from '../../src/payments/payments.events.js';
import { bookingMessages } from '../support/booking-messages.js';
import { aBooking, anAccount, tell, theOwner, type MadeBooking } from '../support/factories.js';
import { aPayment, endRefund, pay, tellAll } from '../support/money.js';
import { aGuestContact, asGuestOf, bookAsGuest, openSalon } from '../support/salon.js';
import { OWNER_EMAIL, TestApp } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9 } from '../support/texting.js';

const START = '2030-03-04T09:00:00-05:00';
const GONE = /^Sorry, Haircut \w+ on Monday, March 4 was no longer held when you paid\. We refund \$85\.00/;
const CANCELLED =
  'Your Haircut appointment on Monday, March 4 was cancelled before your payment arrived. We refund $85.00, all of it. - Lawrei Beauty';

describe('messages about money that goes back', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.sandbox.config({ stepMs: 1 });
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  const { confirm, mailsTo, messageOf, messagesOf, stateIs, textsTo } = bookingMessages(() => app);
  const subjectsTo = async (email: string | null) => (await mailsTo(email)).map(({ subject }) => subject);

  describe('too late for the time', () => {
    const expired = async (staff: number) => {
      const salon = await openSalon(app, { paymentPolicy: 'full', staff });
      const customer = aGuestContact();
      const [staffId] = salon.staffIds;
      const booked = await bookAsGuest(app, salon, START, { customer, staffId });
      const id = String(booked.body.id);
      await app.timeIs('2030-03-01T14:11:00Z');
      await app.sweepUntil(async () => {
        const [row] = await app.sql<{ status: string }>('select status from booking where id = $1', [id]);
        return row?.status === 'expired';
      });
      const next = await bookAsGuest(app, salon, START, { staffId });
      expect(next.status).toBe(201);
      return { id, ...customer, salon };
    };

    it('is apologised for once, by text and e-mail, with the three nearest free times', async () => {
      const { id, phone, email } = await expired(1);
      const payment = await pay(app, id);
      expect(payment.outcome).toBe('late');
      const { topic, payload } = paymentLate(payment);
      await Promise.all(Array.from({ length: 20 }, () => tellAll(app, { topic, payload })));
      await app.effectsDone();
      await stateIs(id, 'payment_late', ['delivered']);
      await stateIs(id, 'payment_late', ['sent'], 'email');

      const texts = (await textsTo(phone)).filter((body) => body.startsWith('Sorry'));
      expect(texts).toEqual([expect.stringMatching(GONE)]);
      expect(texts[0]).toMatch(/ Free: Monday, March 4 at 9:30 AM, 10:00 AM, 10:30 AM\. - Lawrei Beauty$/);
      const mails = (await mailsTo(email)).filter(({ subject }) => subject.startsWith('Sorry'));
      expect(mails).toMatchObject([
        {
          text: expect.stringContaining(
            'Free at the moment: Monday, March 4 at 9:30 AM, 10:00 AM, 10:30 AM.',
          ),
        },
      ]);
    });

    it('offers the very same time with somebody else to whom the own person has none', async () => {
      const { id, phone, salon } = await expired(2);
      await app.sql('delete from service_resource where resource_id = $1', [salon.staffIds[0]]);
      await pay(app, id);
      await stateIs(id, 'payment_late', ['delivered']);
      expect(await textsTo(phone)).toContainEqual(
        expect.stringContaining('Free: Monday, March 4 at 9:00 AM, 9:30 AM, 10:00 AM.'),
      );
    });

    it('offers what is still to come when the time itself is past', async () => {
      const { id, phone } = await expired(1);
      await app.timeIs('2030-03-04T14:55:00Z'); // after the start; the salon wants two hours' notice
      await pay(app, id);
      await stateIs(id, 'payment_late', ['delivered']);
      expect(await textsTo(phone)).toContainEqual(
        expect.stringContaining('Free: Monday, March 4 at 12:00 PM, 12:30 PM, 1:00 PM.'),
      );
    });

    it('offers nothing where the service is not offered any more', async () => {
      const { id, phone, salon } = await expired(1);
      await app.sql('update service set active = false where id = $1', [salon.serviceId]);
      await pay(app, id);
      await stateIs(id, 'payment_late', ['delivered']);
      expect(await textsTo(phone)).toContainEqual(
        expect.stringMatching(/We refund \$85\.00, all of it\. - Lawrei Beauty$/),
      );
    });
  });

  it('too late for a booking that was cancelled, nobody claims that the time was taken', async () => {
    const booking = await aBooking(app, { startsAt: MONDAY_9, status: 'cancelled' });
    expect((await pay(app, booking.id)).outcome).toBe('late');
    await stateIs(booking.id, 'payment_late', ['delivered']);
    await stateIs(booking.id, 'payment_late', ['sent'], 'email');
    expect(await textsTo(booking.phone)).toEqual([CANCELLED]);
    const [mail] = await mailsTo(booking.email);
    expect(mail?.subject).toBe('Your payment for Haircut on Monday, March 4 goes back to you');
    expect(mail?.text).not.toMatch(/Free|Sorry/);
  });

  describe('after a cancellation', () => {
    const cancel = (id: string, by: string, refundMinor: number) =>
      app.sql(
        `update booking set status = 'cancelled', cancelled_by = $2, paid_minor = 8500, cancel_refund_minor = $3 where id = $1`,
        [id, by, refundMinor],
      );
    const cancelled = async (wishes: { by?: 'staff'; refundMinor?: number } = {}) => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await confirm(booking);
      await cancel(booking.id, wishes.by ?? 'customer', wishes.refundMinor ?? 4250);
      await tell(app, 'booking.cancelled', booking.id, 1, wishes.by ? { by: 'salon' } : {});
      await app.effectsDone();
      return booking;
    };
    const refunded = async (booking: MadeBooking, state: 'succeeded' | 'failed' | 'canceled') =>
      endRefund(app, await aPayment(app, booking.id), { state }, 4250);

    it('the cancellation itself names the refund that was quoted', async () => {
      const booking = await cancelled();
      await stateIs(booking.id, 'booking_cancelled', ['delivered']);
      expect(await textsTo(booking.phone)).toContainEqual(
        expect.stringContaining('is cancelled. We are refunding $42.50 to you.'),
      );
      const [none] = [await cancelled({ refundMinor: 0 })];
      await stateIs(none.id, 'booking_cancelled', ['delivered']);
      expect(await textsTo(none.phone)).toContainEqual(
        expect.stringMatching(/is cancelled\. - Lawrei Beauty$/),
      );
    });

    it('the real cancellation of a paid booking quotes, and tells the customer what', async () => {
      const salon = await openSalon(app, { paymentPolicy: 'full' });
      const customer = aGuestContact();
      const booked = await bookAsGuest(app, salon, START, { customer });
      await pay(app, booked.body.id);
      const guest = await asGuestOf(app, booked);
      expect((await guest.post(`/api/bookings/${booked.body.id}/cancel`)).status).toBe(200);
      await stateIs(booked.body.id, 'booking_cancelled', ['delivered']);
      expect(await textsTo(customer.phone)).toContainEqual(
        expect.stringContaining('We are refunding $85.00 to you.'),
      );
    });

    it('a refund that arrived is told by e-mail after the cancellation, once', async () => {
      const booking = await cancelled();
      const id = await refunded(booking, 'succeeded');
      await stateIs(booking.id, 'refund_succeeded', ['sent'], 'email');
      const subjects = await subjectsTo(booking.email);
      expect(subjects.slice(-2)).toEqual([
        'Cancelled: Haircut on Monday, March 4',
        'Refunded: $42.50 for Haircut',
      ]);
      const told = await messageOf(booking.id, 'refund_succeeded', 'email');
      expect(told?.dedupe_key).toBe(`refund:${id}:succeeded`);
      expect(await subjectsTo(OWNER_EMAIL)).not.toContainEqual(expect.stringContaining('Refund failed'));
    });

    it('a refund that arrives before its cancellation is planned waits for it', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, phone: null });
      await cancel(booking.id, 'customer', 4250);
      const later = new Date(Date.parse(FRIDAY_9) + 2_000);
      const fact = bookingFact('booking.cancelled', { id: booking.id, revision: 1 }, 'customer');
      await tellAll(app, { ...fact, dueAt: later });
      await refunded(booking, 'succeeded');
      await stateIs(booking.id, 'refund_succeeded', ['sent'], 'email');
      expect(await subjectsTo(booking.email)).toEqual([
        'Cancelled: Haircut on Monday, March 4',
        'Refunded: $42.50 for Haircut',
      ]);
    });

    it('a refund of what the salon cancelled at night waits for the morning like the cancellation', async () => {
      await app.timeIs('2030-03-02T04:00:00Z'); // 23:00 in New York
      const booking = await cancelled({ by: 'staff' });
      await refunded(booking, 'succeeded');
      await app.effectsDone();
      expect(await messageOf(booking.id, 'refund_succeeded', 'email')).toMatchObject({
        state: 'planned',
        due_at: new Date('2030-03-02T13:00:00Z'),
      });
      await app.timeIs('2030-03-02T13:00:00Z');
      await stateIs(booking.id, 'refund_succeeded', ['sent'], 'email');
    });

    it('a refund that failed is told to the customer and alerts managers and owners, nobody else', async () => {
      const [manager, gone, reception] = await Promise.all([
        anAccount(app, { role: 'manager' }),
        anAccount(app, { role: 'manager' }),
        anAccount(app, { role: 'reception' }),
      ]);
      await app.sql('update account set disabled_at = now() where id = $1', [gone.id]);
      const booking = await cancelled();
      await refunded(booking, 'failed');
      await stateIs(booking.id, 'refund_failed', ['sent'], 'email');
      await stateIs(booking.id, 'staff_payment_task', ['sent'], 'email');
      await app.effectsDone();
      expect(await subjectsTo(booking.email)).toContain('Your refund of $42.50 is delayed');
      const alert = 'Refund failed: $42.50 for Haircut on Monday, March 4';
      expect(await subjectsTo(manager.email)).toEqual([alert]);
      expect(await subjectsTo(OWNER_EMAIL)).toContain(alert);
      for (const { email } of [gone, reception]) expect(await subjectsTo(email)).toEqual([]);

      const again = await app
        .as(await theOwner(app))
        .post(`/admin/messages/${(await messageOf(booking.id, 'refund_failed', 'email'))?.id}/resend`);
      expect(again.status).toBe(202);
      await stateIs(booking.id, 'refund_failed', ['sent'], 'email');
    });

    it('a refund that was taken back at the provider is for staff to know', async () => {
      const booking = await cancelled();
      await refunded(booking, 'canceled');
      await stateIs(booking.id, 'staff_payment_task', ['sent'], 'email');
      const families = (await messagesOf(booking.id)).map(({ family }) => family);
      expect(families.filter((family) => family.startsWith('refund_'))).toEqual([]);
    });
  });
});
