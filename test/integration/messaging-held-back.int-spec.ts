import {
  bookingMessages,
  CONFIRMED,
  endTrouble,
  TWILIO_LIST,
  TWILIO_POST,
} from '../support/booking-messages.js';
import type { FaultRule } from '../../src/sandbox/emulator/faults.js';
import { aBooking, aPhone, tell, type MadeBooking } from '../support/factories.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9 } from '../support/texting.js';

/** Whether a message's own effect waits for another try. $1 message id. */
const PUT_OFF = `select 1 from outbox_message
  where handler = 'message.send' and state = 'pending' and retry_at > now() and payload ->> 'messageId' = $1`;
/** For how many seconds from now it waits after a refusal. $1 message id. */
const REFUSED = `select extract(epoch from retry_at - now())::float8 as waits from outbox_message
  where last_error like '%451%' and payload ->> 'messageId' = $1`;

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
  const textsFail = ({ phone }: MadeBooking, fault: Partial<FaultRule>) =>
    app.sandbox.faults([{ match: { ...TWILIO_POST, to: phone ?? '' }, ...fault }]);
  const mailsFail = ({ email }: MadeBooking, fault: Partial<FaultRule>) =>
    app.sandbox.faults([{ match: { provider: 'smtp', to: email ?? '' }, ...fault }]);
  const confirmationsTo = async ({ email }: MadeBooking) =>
    (await mailsTo(email)).filter(({ subject }) => subject.startsWith('Confirmed'));

  describe('a provider with trouble', () => {
    it('is given as long as it asks for', async () => {
      const booking = await byPhone();
      const refusal = { status: 429, code: 20429, retryAfter: 1, times: 1 };
      await textsFail(booking, refusal);
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
      await textsFail(booking, { status: 503, times: 1 });
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['delivered']);
      const row = await messageOf(booking.id, 'booking_confirmed');
      expect(await attemptsOf(row?.id)).toEqual([{ outcome: 'absent' }, { outcome: 'accepted' }]);
    });

    it('loses its reminder to an e-mail after an hour', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await confirm(booking);
      await app.effectsDone();
      await textsFail(booking, { status: 429 });
      await app.timeIs('2030-03-03T15:00:00Z');
      await stateIs(booking.id, 'booking_reminder', ['superseded']);
      await stateIs(booking.id, 'booking_reminder', ['sent'], 'email');
      expect((await mailsTo(booking.email)).map((mail) => mail.subject)).toContain(
        'Reminder: Haircut tomorrow at 9:00 AM',
      );
    });

    it('loses it too when it does not say whether it has the text', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await confirm(booking);
      await app.effectsDone();
      await app.sandbox.faults([
        { match: { ...TWILIO_POST, to: booking.phone ?? '' }, status: 503 },
        { match: TWILIO_LIST, status: 503 },
      ]);
      await app.timeIs('2030-03-03T14:00:00Z');
      await stateIs(booking.id, 'booking_reminder', ['unknown']);
      expect(await messageOf(booking.id, 'booking_reminder', 'email')).toBeUndefined();

      await app.timeIs('2030-03-03T15:00:00Z');
      await app.sql(`update outbox_message set retry_at = now() where retry_at is not null`);
      await stateIs(booking.id, 'booking_reminder', ['sent'], 'email');
      const text = await messageOf(booking.id, 'booking_reminder');
      expect(text).toMatchObject({
        state: 'superseded',
        reason: expect.stringMatching(/not known.* An e-mail/),
      });
      expect(await attemptsOf(text?.id)).toEqual([{ outcome: 'given-up' }]);
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
      await textsFail(booking, { loseCallbacks: true });
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
      await textsFail(booking, unreachable);
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
      await mailsFail(booking, { status: 451, times: 2 });
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
      expect(await confirmationsTo(booking)).toHaveLength(1);
    });

    it('that refuses is asked again within a second, however long the message had waited for its turn', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, phone: null });
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
      await app.sql(`update outbox_message set attempt = 40 where state = 'pending'`);
      await mailsFail(booking, { status: 451 });
      await app.timeIs('2030-03-03T14:00:00Z');
      const { id } = (await messageOf(booking.id, 'booking_reminder', 'email')) ?? {};
      await waitFor(async () => (await app.sql(REFUSED, [id])).length > 0);
      const [refused] = await app.sql<{ waits: number }>(REFUSED, [id]);
      expect(refused?.waits).toBeLessThan(3);
    });

    it('that is the mail server and hangs up gets the e-mail again under the same Message-ID', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9, phone: null });
      await mailsFail(booking, { reset: 'after', times: 1 });
      await confirm(booking);
      await stateIs(booking.id, 'booking_confirmed', ['sent'], 'email');
      const ids = (await confirmationsTo(booking)).map(({ messageId }) => messageId);
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
        // The reason is committed before its effect is put off: what is put off later would miss the call below.
        const row = await messageOf(booking.id, 'booking_confirmed');
        await waitFor(async () => (await app.sql(PUT_OFF, [row?.id])).length === 1);
        expect(row).toMatchObject({ state: 'planned' });
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
