import { SANDBOX_TWILIO } from '../../src/sandbox/emulator/credentials.js';
import { twilioSignature } from '../../src/sandbox/emulator/webhook-post.js';
import { aBooking, aPhone, aStaffAccount, tell, type MadeBooking } from '../support/factories.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';

const MONDAY_9 = '2030-03-04T14:00:00Z';
const FRIDAY_9 = '2030-03-01T14:00:00Z';

interface Row {
  id: string;
  state: string;
  family: string;
  provider_id: string | null;
  reason: string | null;
}

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

  const textsTo = async (phone: string | null) => (await app.sandbox.state({ to: phone ?? '' })).sms;
  const byPhone = (wishes: { phone?: string; status?: 'confirmed' | 'cancelled'; startsAt?: string } = {}) =>
    aBooking(app, { startsAt: MONDAY_9, email: null, ...wishes });
  const messagesOf = ({ id }: MadeBooking) =>
    app.sql<Row>('select * from message where booking_id = $1 order by created_at, id', [id]);
  const confirmed = async (wishes: { phone?: string } = {}) => {
    const booking = await byPhone(wishes);
    await tell(app, 'booking.confirmed', booking.id);
    await app.effectsDone();
    return booking;
  };
  const stateOf = async (id: string) =>
    (await app.sql<Row>('select * from message where id = $1', [id]))[0]?.state;

  /** A form as Twilio posts it, signed unless told otherwise. */
  const post = async (path: string, form: Record<string, string>, signature?: string) => {
    const sign = signature ?? twilioSignature(SANDBOX_TWILIO.authToken, app.config.publicUrl + path, form);
    return app.app.inject({
      method: 'POST',
      url: path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': sign,
        host: 'evil.example',
      },
      payload: new URLSearchParams(form).toString(),
    });
  };
  let serial = 0;
  const inbound = (from: string, body: string) => {
    serial += 1;
    return post('/webhooks/twilio/inbound', {
      MessageSid: `SM${String(serial).padStart(32, '0')}`,
      From: from,
      To: SANDBOX_TWILIO.phoneNumber,
      Body: body,
      Unknown: 'x',
    });
  };

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
      expect(emails).toMatchObject([{ subject: 'Umbrella', text: 'It is here.\n' }]);
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

  describe('status callbacks', () => {
    const sid = () => `SM${String((serial += 1)).padStart(32, 'f')}`;
    const report = (
      message: string,
      providerId: string,
      status: string,
      extra: Record<string, string> = {},
    ) =>
      post(`/webhooks/twilio/status?message=${message}`, {
        MessageSid: providerId,
        MessageStatus: status,
        ...extra,
      });
    /** A text that was taken and of which nothing more was heard. */
    const silentText = async () => {
      const booking = await byPhone();
      await app.sandbox.faults([
        { match: { provider: 'twilio', method: 'POST', to: booking.phone ?? '' }, loseCallbacks: true },
      ]);
      await reception.post(`/admin/sms/appointment-confirmation/${booking.id}`);
      await app.effectsDone();
      const [row] = await messagesOf(booking);
      return { id: row?.id ?? '', sid: row?.provider_id ?? '' };
    };
    const orders = <T>(items: readonly T[]): T[][] =>
      items.length <= 1
        ? [[...items]]
        : items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

    it('end the same in every order, doubled or not', async () => {
      for (const order of orders(['queued', 'sending', 'sent', 'delivered'])) {
        const { id, sid: providerId } = await silentText();
        for (const status of [...order, ...order])
          expect((await report(id, providerId, status)).statusCode).toBe(204);
        await app.effectsDone();
        expect([order, await stateOf(id)]).toEqual([order, 'delivered']);
      }
    });

    it('with a failure say in plain words what happened', async () => {
      const { id, sid: providerId } = await silentText();
      await report(id, providerId, 'undelivered', { ErrorCode: '30007' });
      await app.effectsDone();
      const [row] = await app.sql<Row>('select * from message where id = $1', [id]);
      expect(row).toMatchObject({
        state: 'undelivered',
        reason: expect.stringContaining('filtered the message as spam'),
      });
    });

    it('that are forged leave nothing but a line in the audit log', async () => {
      const { id, sid: providerId } = await silentText();
      const before = await app.sql('select 1 from provider_event');
      const forged = await post(
        `/webhooks/twilio/status?message=${id}`,
        { MessageSid: providerId, MessageStatus: 'delivered' },
        'bm90IGEgc2lnbmF0dXJl',
      );
      expect([forged.statusCode, forged.json().code]).toEqual([403, 'signature-invalid']);
      const elsewhere = twilioSignature(
        SANDBOX_TWILIO.authToken,
        `http://evil.example/webhooks/twilio/status?message=${id}`,
        { MessageSid: providerId, MessageStatus: 'delivered' },
      );
      expect(
        (
          await post(
            `/webhooks/twilio/status?message=${id}`,
            { MessageSid: providerId, MessageStatus: 'delivered' },
            elsewhere,
          )
        ).statusCode,
      ).toBe(403);
      await app.effectsDone();
      expect(await app.sql('select 1 from provider_event')).toHaveLength(before.length);
      expect(await stateOf(id)).toBe('queued');
      expect(
        (await app.sql(`select 1 from audit_log where action = 'webhook.refused'`)).length,
      ).toBeGreaterThanOrEqual(2);
    });

    it('about messages that are not ours are taken without a word', async () => {
      expect((await report('not-an-id', sid(), 'delivered')).statusCode).toBe(204);
      expect(
        (
          await post('/webhooks/twilio/status', {
            MessageSid: sid(),
            MessageStatus: 'teleported',
            Extra: 'ä',
          })
        ).statusCode,
      ).toBe(204);
      await app.effectsDone();
      expect(
        await app.sql(`select 1 from outbox_message where topic = 'sms.status' and state = 'dead'`),
      ).toEqual([]);
    });

    it('of a second copy at the provider bring it before people', async () => {
      const { id } = await silentText();
      await report(id, sid(), 'delivered');
      await app.effectsDone();
      const [row] = await app.sql<Row & { flagged_at: Date | null }>('select * from message where id = $1', [
        id,
      ]);
      expect(row?.flagged_at).not.toBeNull();
      expect(row?.reason).toContain('twice');
    });
  });

  describe('what customers text back', () => {
    it('STOP ends texts and START begins them again', async () => {
      const booking = await confirmed();
      const answer = await inbound(booking.phone ?? '', ' stop. ');
      expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
        200,
        expect.stringContaining('text/xml'),
        expect.stringContaining('<Response/>'),
      ]);
      const reminder = (await messagesOf(booking)).find(({ family }) => family === 'booking_reminder');
      expect(reminder).toMatchObject({ state: 'planned' }); // its begin sends an e-mail, unless they come back before
      expect((await reception.post(`/admin/sms/appointment-reminder/${booking.id}`)).body.code).toBe(
        'recipient-opted-out',
      );

      await inbound(booking.phone ?? '', 'YES');
      await app.effectsDone();
      expect((await reception.post(`/admin/sms/appointment-reminder/${booking.id}`)).status).toBe(202);
    });

    it('no attempt begins after STOP is in force, however close they come', async () => {
      const bookings = await Promise.all(Array.from({ length: 40 }, () => byPhone()));
      const inForce = await Promise.all(
        bookings.map(async ({ id, phone }, index) => {
          await tell(app, 'booking.confirmed', id);
          await new Promise((resolve) => setTimeout(resolve, (index % 10) * 8));
          await inbound(phone ?? '', 'STOP');
          return { phone, at: new Date().toISOString() };
        }),
      );
      await app.timeIs('2030-03-03T14:00:00Z');
      await app.effectsDone();
      const late = await app.sql(
        `select a.started_at, s.at from jsonb_to_recordset($1) as s(phone text, at timestamptz)
           join message m on m.to_address = s.phone join message_attempt a on a.message_id = m.id where a.started_at > s.at`,
        [JSON.stringify(inForce)],
      );
      expect(late).toEqual([]);
    });

    it('Y says that they come', async () => {
      const booking = await confirmed();
      await inbound(booking.phone ?? '', 'y');
      await app.effectsDone();
      const [row] = await app.sql<{ at: Date | null }>(
        'select attendance_confirmed_at as at from booking where id = $1',
        [booking.id],
      );
      expect(row?.at).not.toBeNull();
    });

    it('R gets them their link, which the log does not show', async () => {
      const booking = await confirmed();
      await inbound(booking.phone ?? '', 'R');
      await app.effectsDone();
      const link = /^Change or cancel your appointment here: http.*\/manage#[\w-]{43} - Lawrei Beauty$/;
      await waitFor(async () => (await textsTo(booking.phone)).some(({ body }) => link.test(body)));
      const rows = await app.sql<{ body: string }>(
        `select body from message where dedupe_key like 'answer:%' and booking_id = $1`,
        [booking.id],
      );
      expect(rows).toEqual([{ body: 'Change or cancel your appointment here: [link] - Lawrei Beauty' }]);
    });

    it('HELP is left to the provider, unless the salon answers itself', async () => {
      const booking = await confirmed();
      const help = async () =>
        (await textsTo(booking.phone)).filter(
          ({ body }) =>
            body.includes('Reply STOP to end texts. '.trim()) && body.startsWith('Lawrei Beauty:'),
        );
      await inbound(booking.phone ?? '', 'help!');
      await app.effectsDone();
      expect(await help()).toEqual([]);
      Object.assign(app.config.twilio, { helpReply: 'app' });
      await inbound(booking.phone ?? '', 'INFO');
      await waitFor(async () => (await help()).length === 1);
      Object.assign(app.config.twilio, { helpReply: 'twilio' });
    });

    it('CANCEL ends texts like STOP and never touches the appointment', async () => {
      const booking = await confirmed();
      await inbound(booking.phone ?? '', 'CANCEL');
      await app.effectsDone();
      expect(await app.sql(`select status from booking where id = $1`, [booking.id])).toEqual([
        { status: 'confirmed' },
      ]);
      expect((await reception.post(`/admin/sms/appointment-reminder/${booking.id}`)).body.code).toBe(
        'recipient-opted-out',
      );
    });

    it('anything else waits for people, once, whatever is in it', async () => {
      const booking = await confirmed();
      const form = {
        MessageSid: 'SMtwice',
        From: booking.phone ?? '',
        To: SANDBOX_TWILIO.phoneNumber,
        Body: 'Do you have parking? \u{1F600}',
      };
      for (let times = 0; times < 3; times += 1) await post('/webhooks/twilio/inbound', form);
      await app.effectsDone();
      const inbox = await reception.get(
        `/admin/messages?direction=in&flagged=true&customerId=${booking.customerId}`,
      );
      expect(inbox.body.data).toMatchObject([
        { body: 'Do you have parking? \u{1F600}', to: booking.phone, state: 'received' },
      ]);
    });

    it('arrives from the provider itself, over the wire', async () => {
      const booking = await confirmed();
      const { webhook } = await app.sandbox.inbound({
        from: booking.phone ?? '',
        body: 'please stop texting me',
      });
      expect(webhook.status).toBe(200);
      expect((await reception.post(`/admin/sms/appointment-reminder/${booking.id}`)).body.code).toBe(
        'recipient-opted-out',
      );
    });

    it('is refused when it is forged', async () => {
      const phone = aPhone();
      const forged = await post(
        '/webhooks/twilio/inbound',
        { MessageSid: 'SMforged', From: phone, Body: 'STOP' },
        'x',
      );
      expect(forged.statusCode).toBe(403);
      expect(await app.sql(`select 1 from message where to_address = $1`, [phone])).toEqual([]);
    });
  });
});
