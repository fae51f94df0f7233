import { aBooking, aPhone, tell, type MadeBooking } from '../support/factories.js';
import { TestApp, waitFor } from '../support/test-app.js';

/** Monday 4 March 2030, 09:00 in New York; what is booked on the Friday before is far enough away for a reminder. */
const MONDAY_9 = '2030-03-04T14:00:00Z';
const FRIDAY_9 = '2030-03-01T14:00:00Z';
const TWILIO_POST = { provider: 'twilio', method: 'POST' } as const;
const TWILIO_LIST = { provider: 'twilio', method: 'GET' } as const;

interface Row {
  id: string;
  channel: string;
  family: string;
  state: string;
  reason: string | null;
  body: string | null;
  due_at: Date;
  flagged_at: Date | null;
  provider_id: string | null;
  dedupe_key: string;
}

describe('messages about bookings', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { MESSAGE_RECONCILE_MS: '300', PROVIDER_BREAKER_MS: '300' } });
    await app.sandbox.config({ stepMs: 1 });
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterEach(async () => {
    await app.sandbox.clearFaults();
    // What one test made wait goes out now, instead of keeping the next one waiting.
    await app.sql(`update outbox_message set retry_at = now() where state = 'pending' and retry_at > now()`);
  });
  afterAll(() => app.stop());

  const textsTo = async (phone: string | null) =>
    (await app.sandbox.state({ to: phone ?? '' })).sms.map(({ body }) => body);
  const mailsTo = async (email: string | null) => (await app.sandbox.state({ to: email ?? '' })).emails;
  const messagesOf = (bookingId: string) =>
    app.sql<Row>('select * from message where booking_id = $1 order by created_at, id', [bookingId]);
  const messageOf = async (bookingId: string, family: string, channel = 'sms') =>
    (await messagesOf(bookingId)).filter((row) => row.family === family && row.channel === channel).at(-1);
  const attemptsOf = (id: string | undefined) =>
    app.sql<{ outcome: string | null }>(
      'select outcome from message_attempt where message_id = $1 order by number',
      [id],
    );
  const stateIs = (bookingId: string, family: string, states: string[], channel = 'sms') =>
    waitFor(
      async () => states.includes((await messageOf(bookingId, family, channel))?.state ?? 'none'),
      10_000,
    );
  /** A booking with the text alone: no e-mail takes part in what is tested. */
  const byPhone = (wishes: { startsAt?: string; phone?: string; timeZone?: string } = {}) =>
    aBooking(app, { startsAt: MONDAY_9, email: null, ...wishes });
  const confirm = (booking: MadeBooking) => tell(app, 'booking.confirmed', booking.id);
  const move = (booking: MadeBooking, startsAt: string, revision: number) =>
    app.sql(
      `update booking set starts_at = $2::timestamptz, ends_at = $2::timestamptz + interval '1 hour', revision = $3 where id = $1`,
      [booking.id, startsAt, revision],
    );
  const CONFIRMED =
    'Hi Ada Lovelace! Your appointment for Haircut is confirmed for Monday, March 4 at 9:00 AM. See you soon! - Lawrei Beauty';

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

    it('is never sent blindly: with the list down too it waits for people, and for the list', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, reset: 'after', times: 1, loseCallbacks: true },
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
      expect((await textsTo(booking.phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);

      await app.sandbox.clearFaults();
      await app.sql(
        `update outbox_message set retry_at = now() where topic = 'message.send' and state = 'pending' and retry_at is not null`,
      );
      await stateIs(booking.id, 'booking_confirmed', ['queued', 'sending', 'sent', 'delivered']);
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

  describe('a provider with trouble', () => {
    it('is given as long as it asks for', async () => {
      const booking = await byPhone();
      const refusal = { status: 429, code: 20429, retryAfter: 1, times: 1 };
      await app.sandbox.faults([{ match: { ...TWILIO_POST, to: booking.phone ?? '' }, ...refusal }]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);

      const row = await messageOf(booking.id, 'booking_confirmed');
      const [gap] = await app.sql<{ ms: number }>(
        `select extract(epoch from max(started_at) - min(started_at))::float8 * 1000 as ms from message_attempt where message_id = $1`,
        [row?.id],
      );
      expect(gap?.ms).toBeGreaterThanOrEqual(1_000);
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'refused' }, { outcome: 'accepted' }]);
    });

    it('is asked after a 500 before the text goes out again', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, status: 503, times: 1 },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);
      const row = await messageOf(booking.id, 'booking_confirmed');
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'absent' }, { outcome: 'accepted' }]);
    });

    it('loses its reminder to an e-mail after an hour', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await confirm(booking);
      await app.effectsDone();
      await app.sandbox.faults([{ match: { ...TWILIO_POST, to: booking.phone ?? '' }, status: 429 }]);
      await app.timeIs('2030-03-03T15:00:00Z');
      await stateIs(booking.id, 'booking_reminder', ['superseded']);
      await stateIs(booking.id, 'booking_reminder', ['sent'], 'email');
      expect((await mailsTo(booking.email)).map((mail) => mail.subject)).toContain(
        'Reminder: Haircut tomorrow at 9:00 AM',
      );
    });

    it('that knows the number to be wrong is not asked again, and the reminder goes by e-mail', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, phone: '+15005550001' });
      await confirm(booking);
      await app.effectsDone();
      const row = await messageOf(booking.id, 'booking_confirmed');
      expect(row).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('The phone number is not valid.'),
      });
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'failed' }]);

      await app.timeIs('2030-03-03T14:00:00Z');
      await stateIs(booking.id, 'booking_reminder', ['failed']);
      await app.effectsDone();
      expect((await mailsTo(booking.email)).map((mail) => mail.subject)).toContain(
        'Reminder: Haircut tomorrow at 9:00 AM',
      );
    });

    it('that knows of a STOP tells us, and we keep to it', async () => {
      const booking = await byPhone({ phone: '+15005550004' });
      await confirm(booking);
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({
        state: 'failed',
        flagged_at: expect.any(Date),
      });
      expect(
        await app.sql(`select source from opt_out where source = 'provider' and lifted_at is null`),
      ).toHaveLength(1);
      await app.timeIs('2030-03-03T14:00:00Z');
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_reminder')).toMatchObject({ state: 'superseded' });
    });

    it('whose callbacks are lost is asked how far the text is', async () => {
      const booking = await byPhone();
      await app.sandbox.faults([{ match: { ...TWILIO_POST, to: booking.phone ?? '' }, loseCallbacks: true }]);
      await confirm(booking);
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({ state: 'queued' });
      await app.timeIs('2030-03-01T14:16:00Z');
      const { MessagePollHandler } = await import('../../src/messaging/message-poll.handler.js');
      await app.get(MessagePollHandler).sweep();
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);
    });

    it('that cannot reach a phone is asked once more, a quarter of an hour later', async () => {
      const booking = await byPhone();
      const unreachable = { finalStatus: 'undelivered', errorCode: 30003 } as const;
      await app.sandbox.faults([{ match: { ...TWILIO_POST, to: booking.phone ?? '' }, ...unreachable }]);
      await confirm(booking);
      await waitFor(async () =>
        (await messagesOf(booking.id)).some(({ dedupe_key: key }) => key.startsWith('again:')),
      );
      const again = (await messagesOf(booking.id)).find(({ dedupe_key: key }) => key.startsWith('again:'));
      expect(again?.due_at.getTime()).toBeCloseTo(Date.parse('2030-03-01T14:15:00Z'), -4);

      await app.timeIs('2030-03-01T14:16:00Z');
      await waitFor(
        async () =>
          (await messagesOf(booking.id)).find(({ id }) => id === again?.id)?.state === 'undelivered',
      );
      expect((await messagesOf(booking.id)).find(({ id }) => id === again?.id)?.flagged_at).not.toBeNull();
    });

    it('that is the mail server gets the e-mail when it is back, once', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, phone: null });
      await app.sandbox.faults([
        { match: { provider: 'smtp', to: booking.email ?? '' }, status: 451, times: 2 },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
      expect(
        (await mailsTo(booking.email)).filter(({ subject }) => subject.startsWith('Confirmed')),
      ).toHaveLength(1);
    });

    it('that is the mail server and hangs up gets the e-mail again under the same Message-ID', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, phone: null });
      await app.sandbox.faults([
        { match: { provider: 'smtp', to: booking.email ?? '' }, reset: 'after', times: 1 },
      ]);
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
      const ids = (await mailsTo(booking.email))
        .filter(({ subject }) => subject.startsWith('Confirmed'))
        .map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(1);
    });

    it('that is not configured keeps the text waiting and nothing else', async () => {
      const booking = await byPhone();
      Object.assign(app.config.twilio, { mode: 'unconfigured' });
      try {
        await confirm(booking);
        await waitFor(
          async () =>
            (await messageOf(booking.id, 'booking_confirmed'))?.reason ===
            'This way of sending is not configured.',
        );
        expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({ state: 'planned' });
      } finally {
        Object.assign(app.config.twilio, { mode: 'sandbox' });
        await app.sql(`update outbox_message set retry_at = null where state = 'pending'`);
      }
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);
    });

    it('that is out is left alone for a while', async () => {
      await app.sandbox.faults([
        { match: TWILIO_POST, status: 500 },
        { match: TWILIO_LIST, status: 500 },
      ]);
      const bookings = await Promise.all(Array.from({ length: 4 }, () => byPhone()));
      await Promise.all(bookings.map(confirm));
      await waitFor(
        async () =>
          (await app.sql(`select 1 from integration_status where name = 'sms' and breaker <> 'closed'`))
            .length === 1,
      );
      await app.sandbox.clearFaults();
      for (const { id } of bookings) await stateIs(id, 'booking_confirmed', ['delivered']);
      for (const { phone } of bookings)
        expect((await textsTo(phone)).filter((body) => body === CONFIRMED)).toHaveLength(1);
    });
  });

  describe('at night', () => {
    it('a cancellation by the salon waits until eight', async () => {
      const booking = await byPhone({ startsAt: '2030-03-07T15:00:00Z' });
      await app.timeIs('2030-03-05T04:00:00Z'); // 23:00 in New York
      await app.sql(`update booking set status = 'cancelled', cancelled_by = 'staff' where id = $1`, [
        booking.id,
      ]);
      await tell(app, 'booking.cancelled', booking.id, 1, { by: 'salon' });
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_cancelled')).toMatchObject({
        state: 'planned',
        due_at: new Date('2030-03-05T13:00:00Z'),
      });
      await app.timeIs('2030-03-05T13:00:00Z');
      await stateIs(booking.id, 'booking_cancelled', ['delivered']);
    });

    it('a reminder keeps to the hours of the customer, not of the salon', async () => {
      const booking = await byPhone({ startsAt: '2030-03-05T14:00:00Z', timeZone: 'America/Los_Angeles' });
      await confirm(booking);
      await app.effectsDone();
      // 09:00 in New York is 06:00 in Los Angeles: it comes at 08:00 there.
      expect(await messageOf(booking.id, 'booking_reminder')).toMatchObject({
        due_at: new Date('2030-03-04T16:00:00Z'),
      });
    });
  });

  describe('money', () => {
    afterEach(() => app.sql(`update business set sms_countries = '{}', sms_daily_budget = 1000`));

    it('is not spent on countries the salon does not serve', async () => {
      await app.sql(`update business set sms_countries = '{CA,GB}'`);
      const booking = await byPhone();
      await confirm(booking);
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({
        state: 'failed',
        reason: expect.stringContaining('country'),
      });
      expect(await textsTo(booking.phone)).toEqual([]);
    });

    it('is not spent beyond the budget of the day: the text waits', async () => {
      await app.sql('update business set sms_daily_budget = 0');
      const booking = await byPhone();
      await confirm(booking);
      await app.effectsDone();
      expect(await messageOf(booking.id, 'booking_confirmed')).toMatchObject({
        state: 'planned',
        reason: expect.stringContaining('budget'),
      });
    });

    it('is not spent on one number over and over', async () => {
      const phone = aPhone();
      const bookings = [];
      for (let made = 0; made < 21; made += 1) bookings.push(await byPhone({ phone }));
      for (const booking of bookings) await confirm(booking);
      await app.effectsDone();
      expect(await textsTo(phone)).toHaveLength(20);
    });
  });
});
