import { SANDBOX_TWILIO } from '../../src/sandbox/emulator/credentials.js';
import { twilioSignature } from '../../src/sandbox/emulator/webhook-post.js';
import { aPhone, aStaffAccount, tell } from '../support/factories.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9, texting, type MessageRow as Row } from '../support/texting.js';

describe('SMS', () => {
  let app: TestApp;
  let reception: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { MESSAGE_RECONCILE_MS: '200', PROVIDER_BREAKER_MS: '200' } });
    await app.sandbox.config({ stepMs: 1 });
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterEach(() => app.sandbox.clearFaults());
  afterAll(() => app.stop());

  const { byPhone, confirmed, inbound, messagesOf, post, stateOf, textsTo } = texting(() => app);

  describe('status callbacks', () => {
    let serial = 0;
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
      const { id } = await silentText();
      for (const order of orders(['accepted', 'queued', 'sending', 'sent', 'delivered'])) {
        const providerId = sid();
        const fresh = `update message set provider_id = $2, state = 'queued', final_at = null where id = $1`;
        await app.sql(fresh, [id, providerId]);
        for (const status of [...order, ...order])
          expect((await report(id, providerId, status)).statusCode).toBe(204);
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
