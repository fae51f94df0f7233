import {
  bookingMessages,
  CONFIRMED,
  endTrouble,
  TWILIO_LIST,
  TWILIO_POST,
} from '../support/booking-messages.js';
import { aBooking, tell, type MadeBooking } from '../support/factories.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9 } from '../support/texting.js';

describe('messages about bookings', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { MESSAGE_RECONCILE_MS: '300', PROVIDER_BREAKER_MS: '300' } });
    await app.sandbox.config({ stepMs: 1 });
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterEach(() => endTrouble(app));
  afterAll(() => app.stop());

  const { attemptsOf, byPhone, confirm, mailsTo, messageOf, messagesOf, stateIs, textsTo } = bookingMessages(
    () => app,
  );
  const move = (booking: MadeBooking, startsAt: string, revision: number) =>
    app.sql(
      `update booking set starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '1 hour', revision = $3 where id = $1`,
      [booking.id, startsAt, revision],
    );

  describe('what is sent', () => {
    it('confirms in the words of the salon, once by text and once by e-mail', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await confirm(booking);
      await stateIs(booking.id, 'welcome', ['delivered']);
      await stateIs(booking.id, 'welcome', ['sent'], 'email');

      expect(await textsTo(booking.phone)).toEqual([CONFIRMED, expect.stringContaining('Welcome, Ada!')]);
      const [mail] = await mailsTo(booking.email);
      const row = await messageOf(booking.id, 'booking_confirmed', 'email');
      expect(mail).toMatchObject({
        subject: 'Confirmed: Haircut on Monday, March 4 at 9:00 AM',
        messageId: `<${row?.id}@127.0.0.1>`,
      });
      expect(mail?.text).toMatch(/\/manage#[\w-]{43}\n/);
    });

    it('never keeps a personal link in the log', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await confirm(booking);
      await app.effectsDone();

      const row = await messageOf(booking.id, 'booking_confirmed', 'email');
      expect(row?.body).toContain('Use your own link: [link]\n');
      const stored = JSON.stringify(
        await app.sql('select * from message where booking_id = $1', [booking.id]),
      );
      expect(stored).not.toContain('/manage#');
    });

    it('reminds at the same time of the day before, and says tomorrow because it is', async () => {
      const booking = await byPhone();
      await confirm(booking);
      await app.effectsDone();
      const reminder = await messageOf(booking.id, 'booking_reminder');
      expect(reminder).toMatchObject({ state: 'planned', due_at: new Date('2030-03-03T14:00:00Z') });

      await app.timeIs('2030-03-03T14:00:00Z');
      await stateIs(booking.id, 'booking_reminder', ['delivered']);
      expect(await textsTo(booking.phone)).toContain(
        'Reminder: Your Haircut appointment is tomorrow at 9:00 AM. Please arrive 10 minutes early. - Lawrei Beauty',
      );
    });

    it('plans no reminder for an appointment that is less than a day away', async () => {
      const booking = await byPhone({ startsAt: '2030-03-01T20:00:00Z' });
      await confirm(booking);
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_reminder')).toBeUndefined();
    });

    it('tells of a cancellation and drops the reminder', async () => {
      const booking = await byPhone();
      await confirm(booking);
      await app.effectsDone();
      await app.sql(`update booking set status = 'cancelled', cancelled_by = 'customer' where id = $1`, [
        booking.id,
      ]);
      await tell(app, 'booking.cancelled', booking.id);
      await app.effectsDone();

      expect(await messageOf(booking.id, 'booking_reminder')).toMatchObject({
        state: 'superseded',
        reason: 'The booking has changed since.',
      });
      expect(await textsTo(booking.phone)).toContain(
        'Hi Ada Lovelace, your Haircut appointment on Monday, March 4 at 9:00 AM is cancelled. - Lawrei Beauty',
      );
    });

    it('says nothing about a hold that was given up', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, status: 'cancelled' });
      await tell(app, 'booking.cancelled', booking.id, 1, { fromHold: true });
      await app.effectsDone();
      expect(await messagesOf(booking.id)).toEqual([]);
    });

    it('tells the member of staff whose booking it is', async () => {
      const booking = await byPhone();
      const email = `grace-${booking.id}@example.com`;
      await app.sql(
        `insert into account (id, email, name, password_hash, role, resource_id, version) values (gen_random_uuid(), $1, 'Grace', 'x', 'staff', $2, 1)`,
        [email, booking.resourceId],
      );
      await confirm(booking);
      await app.effectsDone();
      expect(await mailsTo(email)).toMatchObject([
        { subject: 'New booking: Haircut on Monday, March 4 at 9:00 AM' },
      ]);
    });
  });

  describe('once', () => {
    it('sends one text for a hundred confirmations of one booking', async () => {
      const booking = await byPhone();
      await Promise.all(Array.from({ length: 100 }, () => confirm(booking)));
      await app.effectsDone();
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
    });

    it('reminds once of Tuesday when a booking moves to Wednesday and back', async () => {
      const [tuesday, wednesday] = ['2030-03-05T14:00:00Z', '2030-03-06T14:00:00Z'];
      const booking = await byPhone({ startsAt: tuesday });
      await confirm(booking);
      await app.effectsDone();
      await move(booking, wednesday, 2);
      await tell(app, 'booking.rescheduled', booking.id, 2);
      await app.effectsDone();
      await move(booking, tuesday, 3);
      await tell(app, 'booking.rescheduled', booking.id, 3);
      await app.effectsDone();

      await app.timeIs('2030-03-04T14:00:00Z');
      await stateIs(booking.id, 'booking_reminder', ['delivered']);
      await app.timeIs('2030-03-06T14:00:00Z');
      await app.effectsDone();
      expect((await textsTo(booking.phone)).filter((body) => body.startsWith('Reminder'))).toHaveLength(1);
    });

    it('plans from the booking as it stands, when its events come late and in the wrong order', async () => {
      const booking = await byPhone();
      await move(booking, '2030-03-05T15:00:00Z', 2);
      await tell(app, 'booking.rescheduled', booking.id, 2);
      await app.effectsDone();
      await confirm(booking);
      await app.effectsDone();

      const reminders = (await messagesOf(booking.id)).filter(({ family }) => family === 'booking_reminder');
      expect(reminders).toMatchObject([{ state: 'planned', due_at: new Date('2030-03-04T15:00:00Z') }]);
      expect(await textsTo(booking.phone)).not.toContain(CONFIRMED);
    });

    it('does not send what stopped being true between planning and sending', async () => {
      const booking = await byPhone();
      await confirm(booking);
      await app.effectsDone();
      // Past every event: the send itself has to notice.
      await app.sql(`update booking set revision = 2 where id = $1`, [booking.id]);
      await app.timeIs('2030-03-03T14:00:00Z');
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_reminder')).toMatchObject({ state: 'superseded' });
    });
  });

  describe('an answer that never came', () => {
    it('is looked up at the provider, and a text that was taken is not sent again', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, reset: 'after', times: 1, loseCallbacks: true },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['queued', 'sent', 'sending', 'delivered']);

      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
      const row = await messageOf(booking.id, 'booking_confirmed');
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'accepted' }]);
    });

    it('is sent once more when the provider says twice that it has nothing', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, reset: 'before', times: 1 },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);

      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
      const row = await messageOf(booking.id, 'booking_confirmed');
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'absent' }, { outcome: 'accepted' }]);
    });

    it('is resolved by a callback that carries our id', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, reset: 'after', times: 1 },
        { match: TWILIO_LIST, status: 503 },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
    });

    /** The provider answers neither the call nor the question, until people are told. */
    const shownToPeople = async (reset: 'before' | 'after') => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, reset, times: 1, loseCallbacks: true },
        { match: TWILIO_LIST, status: 503 },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['unknown']);
      const row = await messageOf(booking.id, 'booking_confirmed');
      // The attempt began long ago: the wait is over, and people are told.
      await app.sql(
        `update message_attempt set started_at = started_at - interval '1 minute' where message_id = $1`,
        [row?.id],
      );
      await waitFor(async () => (await messageOf(booking.id, 'booking_confirmed'))?.flagged_at !== null);
      expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({
        state: 'unknown',
        reason: expect.stringContaining('not known'),
      });
      return booking;
    };
    const answersAgain = async () => {
      await app.sandbox.clearFaults();
      await app.sql(
        `update outbox_message set retry_at = now() where topic = 'message.send' and state = 'pending' and retry_at is not null`,
      );
    };

    it('is never sent blindly: with the list down too it waits for people, and for the list', async () => {
      const booking = await shownToPeople('after');
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
      await answersAgain();
      await stateIs(booking.id, 'booking_confirmed', ['queued', 'sending', 'sent', 'delivered']);
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
    });

    it('is sent once more, though people were told of it, when the list says that there is nothing', async () => {
      const booking = await shownToPeople('before');
      expect(await textsTo(booking.phone)).not.toContain(CONFIRMED);
      await answersAgain();
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
    });

    it('that comes after another worker took over changes nothing', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, hold: true, times: 1, loseCallbacks: true },
      ]);
      await confirm(booking);
      await waitFor(async () => (await textsTo(booking.phone)).includes(CONFIRMED));
      await app.sql(`update outbox_message set lease_until = now() where state = 'claimed'`);
      await stateIs(booking.id, 'booking_confirmed', ['queued', 'sending', 'sent', 'delivered']);
      await app.sandbox.release();
      await stateIs(booking.id, 'welcome', ['delivered']);

      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
      const row = await messageOf(booking.id, 'booking_confirmed');
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'accepted' }]);
    });

    it('counts a success that cannot be read as unknown', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, garbage: true, times: 1, loseCallbacks: true },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['queued', 'sending', 'sent', 'delivered']);
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
    });
  });
});
