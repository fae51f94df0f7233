import { bookingFact } from '../../src/bookings/bookings.events.js';
import { paymentSettled } from '../../src/payments/payments.events.js';
import { bookingMessages, CONFIRMED, endTrouble, TWILIO_POST } from '../support/booking-messages.js';
import { aBooking } from '../support/factories.js';
import { aPayment, pay, tellAll } from '../support/money.js';
import { bookAsGuest, openSalon, aGuestContact } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9 } from '../support/texting.js';

const PAID =
  'Payment confirmed! Your Haircut appointment is fully paid. Amount: $85.00. See you on Monday, March 4. - Lawrei Beauty';

describe('messages about what was paid', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.sandbox.config({ stepMs: 1 });
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  const { attemptsOf, confirm, mailsTo, messageOf, messagesOf, stateIs, textsTo } = bookingMessages(
    () => app,
  );
  const aHeld = () => aBooking(app, { startsAt: MONDAY_9, status: 'held' });
  const mailTo = async (email: string | null, subject: string) =>
    (await mailsTo(email)).filter((mail) => mail.subject.startsWith(subject));

  it('a full payment confirms the appointment first, and is told in the words of the salon after that', async () => {
    const bookings = await Promise.all(Array.from({ length: 5 }, aHeld));
    await Promise.all(bookings.map(({ id }) => pay(app, id)));
    for (const { id, phone, email } of bookings) {
      await stateIs(id, 'payment_settled', ['delivered']);
      await stateIs(id, 'payment_settled', ['sent'], 'email');
      const texts = (await textsTo(phone)).filter((body) => !body.startsWith('Welcome'));
      expect(texts).toEqual([CONFIRMED, PAID]);
      expect(await mailTo(email, 'Payment received: $85.00 for Haircut')).toHaveLength(1);
    }
  });

  it('a full payment whose confirmation is planned late waits for it', async () => {
    const booking = await aBooking(app, { startsAt: MONDAY_9, email: null });
    await app.sql('update booking set paid_minor = 8500 where id = $1', [booking.id]);
    const payment = await aPayment(app, booking.id);
    const confirmed = bookingFact('booking.confirmed', { id: booking.id, revision: 1 }, 'customer');
    const later = new Date(Date.parse(FRIDAY_9) + 2_000);
    await tellAll(app, { ...confirmed, dueAt: later }, paymentSettled(payment));

    await stateIs(booking.id, 'payment_settled', ['delivered']);
    const texts = (await textsTo(booking.phone)).filter((body) => !body.startsWith('Welcome'));
    expect(texts).toEqual([CONFIRMED, PAID]);
    const [confirmation, told] = await Promise.all(
      ['booking_confirmed', 'payment_settled'].map((family) => messageOf(booking.id, family)),
    );
    expect(await app.sql('select after_id, payment_id from message where id = $1', [told?.id])).toEqual([
      { after_id: confirmation?.id, payment_id: payment.id },
    ]);
  });

  it('what waits for another is looked at less often the longer it waits, and goes by itself after a minute', async () => {
    const booking = await aBooking(app, { startsAt: MONDAY_9, status: 'held', email: null });
    await app.sandbox.faults([{ match: { ...TWILIO_POST, to: booking.phone ?? '' }, status: 429 }]);
    await pay(app, booking.id);
    const nextLook = async () => {
      const [row] = await app.sql<{ seconds: number }>(
        `select extract(epoch from o.due_at - m.due_at)::float as seconds
           from message m join outbox_message o on o.payload ->> 'messageId' = m.id::text
          where m.booking_id = $1 and m.family = 'payment_settled' and m.after_id is not null`,
        [booking.id],
      );
      return row?.seconds ?? 0;
    };
    const secondsLater = (seconds: number) =>
      app.timeIs(new Date(Date.parse(FRIDAY_9) + seconds * 1_000).toISOString());
    await waitFor(async () => (await nextLook()) > 0);
    await secondsLater(40);
    await waitFor(async () => (await nextLook()) > 40);
    expect(await nextLook()).toBeGreaterThan(48);
    expect(await nextLook()).toBeLessThan(55);
    const told = await messageOf(booking.id, 'payment_settled');
    expect(await attemptsOf(told?.id)).toHaveLength(0);
    await secondsLater(62);
    await waitFor(async () => (await attemptsOf(told?.id)).length > 0);
    expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({ state: 'planned' });
    await endTrouble(app);
    await stateIs(booking.id, 'payment_settled', ['delivered']);
  });

  it('a full payment told twenty times at once is one text and one e-mail', async () => {
    const booking = await aHeld();
    const { topic, payload } = paymentSettled(await pay(app, booking.id));
    await Promise.all(Array.from({ length: 20 }, () => tellAll(app, { topic, payload })));
    await app.effectsDone();
    await stateIs(booking.id, 'payment_settled', ['delivered']);
    await stateIs(booking.id, 'payment_settled', ['sent'], 'email');
    const rows = (await messagesOf(booking.id)).filter(({ family }) => family === 'payment_settled');
    expect(rows).toHaveLength(2);
    expect((await textsTo(booking.phone)).filter((body) => body === PAID)).toHaveLength(1);
    expect(await mailTo(booking.email, 'Payment received')).toHaveLength(1);
  });

  it('what went back again is not counted as paid', async () => {
    const booking = await aBooking(app, { startsAt: MONDAY_9, email: null });
    await app.sql('update booking set paid_minor = 9000, refunded_minor = 500 where id = $1', [booking.id]);
    await tellAll(app, paymentSettled(await aPayment(app, booking.id)));
    await stateIs(booking.id, 'payment_settled', ['delivered']);
    expect(await textsTo(booking.phone)).toEqual([PAID]);
  });

  it('a full payment is not told of an appointment that was cancelled meanwhile', async () => {
    const booking = await aBooking(app, { startsAt: MONDAY_9, status: 'cancelled' });
    await tellAll(app, paymentSettled(await aPayment(app, booking.id)));
    await app.effectsDone();
    expect(await messagesOf(booking.id)).toEqual([]);
  });

  it('a deposit is confirmed with what is left to pay, in the e-mail alone, and is not called fully paid', async () => {
    const booking = await aHeld();
    await app.sql(
      `update booking set payment_policy = 'deposit', due_to_confirm_minor = 1700 where id = $1`,
      [booking.id],
    );
    expect((await pay(app, booking.id, 1700)).outcome).toBe('confirmed');
    await stateIs(booking.id, 'booking_confirmed', ['delivered']);
    await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
    const [mail] = await mailTo(booking.email, 'Confirmed');
    expect(mail?.text).toContain('You have paid $17.00; $68.00 is left to pay.');
    expect((await textsTo(booking.phone))[0]).toBe(CONFIRMED);
    expect(await messageOf(booking.id, 'payment_settled')).toBeUndefined();
  });

  it('an appointment that is paid at the salon is confirmed as ever', async () => {
    const booking = await aBooking(app, { startsAt: MONDAY_9, phone: null });
    await confirm(booking);
    await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
    expect((await mailTo(booking.email, 'Confirmed'))[0]?.text).not.toContain('left to pay');
  });

  describe('a booking that is not paid', () => {
    const held = async () => {
      const salon = await openSalon(app, { paymentPolicy: 'full' });
      const customer = aGuestContact();
      const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00', { customer });
      expect(booked.status).toBe(201);
      await app.effectsDone();
      return { id: String(booked.body.id), email: customer.email };
    };

    it('is reminded of the amount due and the end of the hold after two minutes, once', async () => {
      const { id, email } = await held();
      expect(await messageOf(id, 'booking_held', 'email')).toMatchObject({ state: 'planned' });
      await app.timeIs('2030-03-01T14:02:05Z');
      await stateIs(id, 'booking_held', ['sent'], 'email');
      const [mail, ...more] = await mailTo(email, 'Almost booked');
      expect(mail?.text).toContain('on Monday, March 4 at 9:00 AM for you until 9:10 AM.');
      expect(mail?.text).toContain('It is confirmed once $85.00 is paid.');
      expect(more).toEqual([]);
    });

    it('is not reminded once it is paid, or its hold ran out, or the bank brings the money', async () => {
      const [paid, gone, coming] = [await held(), await held(), await held()];
      await pay(app, paid.id);
      await stateIs(paid.id, 'booking_held', ['superseded'], 'email');
      await app.sql(`update booking set hold_expires_at = '2030-03-01T14:01:00Z' where id = $1`, [gone.id]);
      await app.timeIs('2030-03-01T14:01:30Z');
      await app.sweep();
      await stateIs(gone.id, 'booking_held', ['superseded'], 'email');
      await app.sql(`update booking set payment_signal = 'processing' where id = $1`, [coming.id]);
      await app.timeIs('2030-03-01T14:02:05Z');
      await stateIs(coming.id, 'booking_held', ['superseded'], 'email');
      for (const { email } of [paid, gone, coming]) expect(await mailTo(email, 'Almost booked')).toEqual([]);
    });
  });
});
