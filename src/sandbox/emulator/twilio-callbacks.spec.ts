import { SANDBOX_MESSAGING_SERVICE_SID, SANDBOX_TWILIO } from './credentials.js';
import { aDataDir, TestEmulator, until, WebhookReceiver } from './emulator.fixture.js';

const SALON = SANDBOX_TWILIO.phoneNumber;
const ADA = '+14155550101';

describe('what the emulated Twilio tells the app', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  let app: WebhookReceiver;
  beforeAll(async () => (emulator = await TestEmulator.start(dataDir.path)));
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });
  beforeEach(async () => {
    await emulator.control.reset();
    app = await new WebhookReceiver().start();
    await emulator.control.config({ publicUrl: `${app.base}/`, stepMs: 5 });
  });
  afterEach(() => app.stop());

  const ended = (sid: string, callbacks: number) =>
    until(
      async () => (await emulator.control.state()).sms.find((sms) => sms.sid === sid),
      (sms) =>
        sms !== undefined &&
        ['delivered', 'undelivered', 'failed', 'canceled'].includes(sms.status) &&
        sms.callbacks.length === callbacks,
    );
  const statuses = () => app.received.map((form) => form.params['MessageStatus']).toSorted();

  it('tells every status after the first, signed as Twilio signs', async () => {
    const { sid } = await emulator.text(
      ADA,
      'Hi Ada!',
      `${app.base}/webhooks/twilio/status?message=1&name=%C3%95`,
    );
    const sms = await ended(sid, 3);

    expect(statuses()).toEqual(['delivered', 'sending', 'sent']);
    expect(app.received.every((form) => app.isGenuine(form))).toBe(true);
    expect(app.received[0]?.params).toMatchObject({
      AccountSid: SANDBOX_TWILIO.accountSid,
      ApiVersion: '2010-04-01',
      From: SALON,
      MessageSid: sid,
      SmsSid: sid,
      SmsStatus: app.received[0]?.params['MessageStatus'],
      To: ADA,
    });
    expect(app.received[0]?.params).not.toHaveProperty('ErrorCode');
    expect(sms?.callbacks.every((callback) => callback.httpStatus === 204)).toBe(true);
  });

  it('tells the queue of a messaging service too', async () => {
    const statusCallback = `${app.base}/status`;
    const service = {
      to: ADA,
      body: 'x',
      messagingServiceSid: SANDBOX_MESSAGING_SERVICE_SID,
      statusCallback,
    };
    await ended((await emulator.twilio.messages.create(service)).sid, 4);
    expect(statuses()).toEqual(['delivered', 'queued', 'sending', 'sent']);
    expect(app.received[0]?.params['MessagingServiceSid']).toBe(SANDBOX_MESSAGING_SERVICE_SID);
  });

  it('ends as undelivered or failed for the numbers a rule names, with the reason', async () => {
    await emulator.control.faults([
      { match: { to: '0003' }, finalStatus: 'undelivered' },
      { match: { to: '0005' }, finalStatus: 'failed', errorCode: 30005 },
    ]);
    const statusCallback = `${app.base}/status`;
    const [gone, unknown, fine] = await Promise.all(
      ['+14155550003', '+14155550005', ADA].map((to) => emulator.text(to, 'x', statusCallback)),
    );
    expect(await ended(gone!.sid, 3)).toMatchObject({ status: 'undelivered', errorCode: 30003 });
    expect(await ended(unknown!.sid, 2)).toMatchObject({ status: 'failed', errorCode: 30005 });
    expect(await ended(fine!.sid, 3)).toMatchObject({ status: 'delivered', errorCode: null });
    const codes = app.received.map((form) => form.params['ErrorCode']).filter(Boolean);
    expect(codes.toSorted()).toEqual(['30003', '30005']);
    expect((await emulator.twilio.messages(gone!.sid).fetch()).errorCode).toBe(30003);
  });

  it('stops at "sent" for a carrier without receipts', async () => {
    await emulator.control.faults([{ finalStatus: 'sent' }]);
    const { sid } = await emulator.text(ADA, 'x', `${app.base}/status`);
    await until(
      () => app.received.length,
      (count) => count === 2,
    );
    expect((await emulator.twilio.messages(sid).fetch()).status).toBe('sent');
  });

  it('loses callbacks, or sends them twice, where a rule says so', async () => {
    await emulator.control.faults([{ loseCallbacks: true, times: 1 }, { duplicateCallbacks: true }]);
    const lost = await emulator.text(ADA, 'lost', `${app.base}/status`);
    await ended(lost.sid, 0);
    expect(app.received).toEqual([]);
    const twice = await emulator.text(ADA, 'twice', `${app.base}/status`);
    await ended(twice.sid, 6);
    expect(app.received).toHaveLength(6);
  });

  it('does not try again when the app is down or refuses, and notes it', async () => {
    app.answer = { status: 500, body: '' };
    const refused = await ended((await emulator.text(ADA, 'x', `${app.base}/status`)).sid, 3);
    expect(refused?.callbacks.map((callback) => callback.httpStatus)).toEqual([500, 500, 500]);

    await app.stop();
    const down = await ended((await emulator.text(ADA, 'x', `${app.base}/status`)).sid, 3);
    expect(down?.callbacks.every((callback) => callback.httpStatus === null && callback.error)).toBe(true);
    app = await new WebhookReceiver().start();
  });

  it('passes on a customer’s text, signed, and returns what the app answered', async () => {
    app.answer = { status: 200, body: '<Response/>' };
    const result = await emulator.control.inbound({ from: ADA, body: 'Tere õhtust' });
    expect(result).toMatchObject({
      optOut: null,
      webhook: { status: 200, body: '<Response/>', error: null },
    });
    const [form] = app.received;
    expect(form?.url).toBe(`${app.base}/webhooks/twilio/inbound`);
    expect(form && app.isGenuine(form)).toBe(true);
    expect(form?.params).toMatchObject({
      Body: 'Tere õhtust',
      From: ADA,
      To: SALON,
      MessageSid: result.sid,
      NumMedia: '0',
      SmsStatus: 'received',
      FromCity: '',
    });
    expect((await emulator.control.state()).inbound).toMatchObject([{ sid: result.sid, status: 'received' }]);
    const foreign = await emulator.control.inbound({ from: '+37251234567', to: '+15005550010', body: 'x' });
    expect((await emulator.twilio.messages(foreign.sid).fetch()).direction).toBe('inbound');
  });

  it.each(['STOP', 'stopall', ' Unsubscribe ', 'cancel', 'end', 'quit'])(
    'blocks a customer who texts "%s" until START, for this sender only',
    async (word) => {
      expect((await emulator.control.inbound({ from: ADA, body: word })).optOut).toBe('STOP');
      expect((await emulator.control.state()).optOuts).toMatchObject([{ from: SALON, to: ADA }]);
      await expect(emulator.text(ADA, 'x')).rejects.toMatchObject({ status: 400, code: 21610 });
      await expect(emulator.text('+14155550102', 'x')).resolves.toMatchObject({ status: 'queued' });

      expect((await emulator.control.inbound({ from: ADA, body: 'unstop' })).optOut).toBe('START');
      await expect(emulator.text(ADA, 'x')).resolves.toMatchObject({ status: 'queued' });
      expect(app.received).toHaveLength(2);
    },
  );

  it('takes "please stop" for no stop word', async () => {
    expect((await emulator.control.inbound({ from: ADA, body: 'please stop' })).optOut).toBeNull();
    await expect(emulator.text(ADA, 'x')).resolves.toMatchObject({ to: ADA });
  });

  it('refuses a text without sender, and says so when it does not know the app', async () => {
    const post = (body: unknown) =>
      fetch(`${emulator.base}/__inbound`, { method: 'POST', body: JSON.stringify(body) });
    for (const body of [null, {}, { from: ADA }, { from: ADA, body: 'x', to: 7 }]) {
      expect((await post(body)).status).toBe(400);
    }
    const stranger = aDataDir();
    const fresh = await TestEmulator.start(stranger.path);
    const { webhook } = await fresh.control.inbound({ from: ADA, body: 'STOP' });
    expect(webhook).toMatchObject({ status: null, error: 'no publicUrl configured' });
    expect((await fresh.control.state()).optOuts).toHaveLength(1);
    await fresh.stop();
    stranger.remove();
  });
});
