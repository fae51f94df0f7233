import { LockMode } from '@mikro-orm/core';
import { WORKER } from '../../src/common/actor.js';
import { Clock } from '../../src/common/clock.js';
import { newId } from '../../src/common/ids.js';
import { Booking } from '../../src/bookings/entities/booking.entity.js';
import { Database } from '../../src/database/database.service.js';
import { Message } from '../../src/messaging/entities/message.entity.js';
import { aBooking, aPhone, aStaffAccount } from '../support/factories.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9, texting } from '../support/texting.js';

describe('SMS', () => {
  let app: TestApp;
  let reception: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { MESSAGE_RECONCILE_MS: '200', PROVIDER_BREAKER_MS: '200' } });
    await app.sandbox.config({ stepMs: 1 });
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterEach(() => app.sandbox.clearFaults());
  afterAll(() => app.stop());

  const { byPhone, confirmed, inbound, messagesOf, stateOf, textsTo } = texting(() => app);

  describe('POST /admin/sms/test', () => {
    it('sends a marked text and says what the provider said', async () => {
      const to = aPhone();
      const { status, body } = await manager.post('/admin/sms/test', { to });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        providerId: expect.stringMatching(/^SM/),
        segments: 1,
        reason: null,
        errorCode: null,
      });
      expect(await textsTo(to)).toMatchObject([{ body: '[TEST] Text messages work. - Lawrei Beauty' }]);
      await waitFor(async () => (await stateOf(body.messageId)) === 'delivered');
    });

    it('sends once for one key, and refuses the key for another text', async () => {
      const to = aPhone();
      const key = { 'idempotency-key': `test-${to}` };
      const first = await manager.post('/admin/sms/test', { to, body: 'Hello' }, key);
      const second = await manager.post('/admin/sms/test', { to, body: 'Hello' }, key);
      const other = await manager.post('/admin/sms/test', { to, body: 'Other' }, key);
      expect(second.body.messageId).toBe(first.body.messageId);
      expect(other.body.code).toBe('idempotency-key-reused');
      expect(await textsTo(to)).toHaveLength(1);
    });

    it('explains a number that cannot be reached', async () => {
      const { status, body } = await manager.post('/admin/sms/test', { to: '+15005550009' });
      expect([status, body.state, body.errorCode]).toEqual([200, 'failed', 21614]);
      expect(body.reason).toContain('not a mobile phone');
    });

    it('answers 503 with the reason when the provider is out, and does not try again behind the back', async () => {
      const to = aPhone();
      await app.sandbox.faults([{ match: { provider: 'twilio', to }, status: 500, times: 1 }]);
      const { status, body } = await manager.post('/admin/sms/test', { to });
      expect([status, body.code]).toEqual([503, 'provider-unavailable']);
      expect(body.detail).toContain('Twilio');
      await app.effectsDone();
      expect(await textsTo(to)).toEqual([]);
    });

    it('is for managers', async () => {
      expect((await reception.post('/admin/sms/test', { to: aPhone() })).status).toBe(403);
      expect((await app.as().post('/admin/sms/test', { to: aPhone() })).status).toBe(401);
    });
  });

  describe('texts by hand', () => {
    it('go out at once, and again within ten minutes only when forced', async () => {
      const booking = await byPhone();
      const url = `/admin/sms/appointment-confirmation/${booking.id}`;
      const first = await reception.post(url);
      expect([first.status, first.body.family, first.body.automatic]).toEqual([
        202,
        'booking_confirmed',
        false,
      ]);
      expect((await reception.post(url)).body.code).toBe('duplicate-message');
      expect((await reception.post(url, { force: true })).status).toBe(202);
      await app.effectsDone();
      expect(await textsTo(booking.phone)).toHaveLength(2);
    });

    it('go out once when the button is pressed ten times', async () => {
      const booking = await byPhone();
      const url = `/admin/sms/appointment-reminder/${booking.id}`;
      const answers = await Promise.all(Array.from({ length: 10 }, () => reception.post(url)));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.code === 'duplicate-message')).toHaveLength(9);
      await app.effectsDone();
      expect((await textsTo(booking.phone)).map(({ body }) => body)).toEqual([
        'Reminder: Your Haircut appointment is on Monday, March 4 at 9:00 AM. Please arrive 10 minutes early. - Lawrei Beauty',
      ]);
    });

    it('are not doubled by a press that began first and had to wait for the other', async () => {
      const booking = await byPhone();
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>();
      // Said out here, or the press would join the transaction below instead of waiting for it.
      const pressed = isLocked.then(() => reception.post(`/admin/sms/appointment-reminder/${booking.id}`));
      await app.get(Database).transact(WORKER, async (em) => {
        await em.findOneOrFail(Booking, booking.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
        locked();
        await waitFor(async () => (await app.sql(waiting)).length === 1);
        const later = {
          id: newId(),
          channel: 'sms',
          family: 'booking_reminder',
          class: 'transactional',
        } as const;
        em.create(Message, {
          ...{
            ...later,
            customerId: booking.customerId,
            bookingId: booking.id,
            toAddress: booking.phone ?? '',
          },
          ...{ toHash: 'hash', dedupeKey: later.id, automatic: false, state: 'planned', revision: 1 },
          ...{ dueAt: app.get(Clock).now(), createdAt: app.get(Clock).now(), expiresAt: new Date(MONDAY_9) },
        });
        await em.flush();
      });
      expect((await pressed).body.code).toBe('duplicate-message');
    });

    it('are refused for what is cancelled or over, and for bookings that do not exist', async () => {
      const gone = await byPhone({ status: 'cancelled' });
      const past = await byPhone({ startsAt: '2030-02-28T14:00:00Z' });
      for (const { id } of [gone, past]) {
        expect((await reception.post(`/admin/sms/appointment-reminder/${id}`)).body.code).toBe(
          'invalid-transition',
        );
      }
      expect((await reception.post(`/admin/sms/appointment-reminder/${gone.customerId}`)).status).toBe(404);
      expect((await reception.post('/admin/sms/appointment-reminder/nonsense')).status).toBe(404);
    });

    it('are refused to who opted out or said no, and where there is no number', async () => {
      const stopped = await byPhone();
      await inbound(stopped.phone ?? '', 'Stop');
      expect((await reception.post(`/admin/sms/appointment-reminder/${stopped.id}`)).body.code).toBe(
        'recipient-opted-out',
      );

      const refusing = await byPhone();
      await app.sql(
        `insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, at)
         values (gen_random_uuid(), $1, 'reminder_sms', false, 'v1', 'booking', 'customer', now())`,
        [refusing.customerId],
      );
      expect((await reception.post(`/admin/sms/appointment-reminder/${refusing.id}`)).body.code).toBe(
        'consent-missing',
      );

      const silent = await aBooking(app, { startsAt: MONDAY_9, phone: null });
      expect((await reception.post(`/admin/sms/appointment-reminder/${silent.id}`)).body.code).toBe(
        'conflict',
      );
    });

    it('may be free words, by text or e-mail', async () => {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      const { customerId } = booking;
      const key = { 'idempotency-key': `free-${customerId}` };
      const text = await reception.post(
        '/admin/messages',
        { customerId, channel: 'sms', body: 'Your umbrella is here.' },
        key,
      );
      const again = await reception.post(
        '/admin/messages',
        { customerId, channel: 'sms', body: 'Your umbrella is here.' },
        key,
      );
      await reception.post('/admin/messages', {
        customerId,
        channel: 'email',
        subject: 'Umbrella',
        body: 'It is here.',
      });
      expect([text.status, again.body.id]).toEqual([202, text.body.id]);
      await app.effectsDone();
      expect((await textsTo(booking.phone)).map(({ body }) => body)).toEqual(['Your umbrella is here.']);
      const { emails } = await app.sandbox.state({ to: booking.email ?? '' });
      expect(emails).toMatchObject([{ subject: 'Umbrella', text: 'It is here.' }]);
      expect(
        (await reception.post('/admin/messages', { customerId: booking.id, channel: 'sms', body: 'x' }))
          .status,
      ).toBe(404);
    });
  });

  describe('the log', () => {
    it('lists messages and shows every attempt with its reason', async () => {
      const booking = await confirmed();
      const list = await reception.get(`/admin/messages?bookingId=${booking.id}&channel=sms&limit=1`);
      expect([list.status, list.body.data.length, list.body.page.hasMore]).toEqual([200, 1, true]);
      const next = await reception.get(
        `/admin/messages?bookingId=${booking.id}&channel=sms&cursor=${list.body.page.nextCursor}`,
      );
      const families = [...list.body.data, ...next.body.data].map(({ family }) => family).toSorted();
      expect(families).toEqual(['booking_confirmed', 'booking_reminder', 'welcome']);

      const row = (await messagesOf(booking)).find(({ family }) => family === 'booking_confirmed');
      const one = await reception.get(`/admin/messages/${row?.id}`);
      expect(one.body).toMatchObject({ to: booking.phone, attempts: [{ number: 1, outcome: 'accepted' }] });
      expect((await reception.get(`/admin/messages/${booking.id}`)).status).toBe(404);
      expect((await reception.get('/admin/messages?state=nonsense')).status).toBe(422);
    });

    it('is closed to everybody below reception', async () => {
      const staff = app.as((await aStaffAccount(app, { role: 'staff' })).token);
      expect((await staff.get('/admin/messages')).status).toBe(403);
      expect((await app.as().get('/admin/messages')).status).toBe(401);
    });

    it('sends a message again on demand, once in ten minutes', async () => {
      const booking = await confirmed();
      const row = (await messagesOf(booking)).find(({ family }) => family === 'booking_confirmed');
      const again = await reception.post(`/admin/messages/${row?.id}/resend`);
      expect(again.status).toBe(202);
      expect((await reception.post(`/admin/messages/${row?.id}/resend`)).body.code).toBe('duplicate-message');
      await waitFor(async () => (await stateOf(again.body.id)) === 'delivered');
      expect((await textsTo(booking.phone)).filter(({ body }) => body.startsWith('Hi Ada'))).toHaveLength(2);
    });
  });
});
