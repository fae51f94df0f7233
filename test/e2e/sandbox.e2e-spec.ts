import { SANDBOX_TWILIO } from '../../src/sandbox/emulator/credentials.js';
import { startSandbox } from '../../src/sandbox/sandbox.process.js';
import { TestApp, waitFor } from '../support/test-app.js';

const LIVE_MAIL = { SMTP_URL: 'smtp://127.0.0.1:9' };
const LIVE_MONEY = {
  STRIPE_SECRET_KEY: `sk_test_${'nobody'.repeat(4)}`,
  STRIPE_PUBLISHABLE_KEY: `pk_test_${'nobody'.repeat(4)}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${'nobody'.repeat(4)}`,
};
const LIVE_CALENDAR = {
  GOOGLE_CLIENT_ID: 'nobody.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: 'nobody'.repeat(4),
};
const LIVE_SMS = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'f'.repeat(32),
  TWILIO_PHONE_NUMBER: '+15005550006',
};

/** Sends a text through the sandbox as Twilio's API takes it, past the app. */
async function sendText(app: TestApp, to: string, body: string): Promise<number> {
  const { httpBase } = await startSandbox({ dataDir: app.config.dataDir });
  const { accountSid, authToken, phoneNumber } = SANDBOX_TWILIO;
  const response = await fetch(`${httpBase}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams({ To: to, From: phoneNumber, Body: body }),
  });
  return response.status;
}

describe('the sandbox', () => {
  let app: TestApp;
  // The poll is slow here, so that what happens at once was not found by it.
  beforeAll(async () => (app = await TestApp.start({ env: { OUTBOX_POLL_MS: '10000' } })));
  afterAll(() => app.stop());
  afterEach(async () => {
    await app.as().post('/sandbox/clock', { reset: true });
    await app.as().delete('/sandbox/faults');
  });

  describe('shows what was sent', () => {
    it('lists each text with its recipient, words and fate, and tells app time', async () => {
      await sendText(app, '+15005550101', 'Your haircut is booked.');
      await app.as().post('/sandbox/clock', { now: '2031-05-05T10:00:00Z' });
      const { status, body } = await app.as().get('/sandbox?to=%2B15005550101');
      expect(status).toBe(200);
      expect(body.sms).toEqual([
        expect.objectContaining({
          to: '+15005550101',
          from: SANDBOX_TWILIO.phoneNumber,
          body: 'Your haircut is booked.',
        }),
      ]);
      expect(body.sms[0].at).toEqual(expect.any(String));
      expect([body.emails, body.events, body.payments]).toEqual([[], [], []]);
      expect(body.now).toMatch(/^2031-05-05T10:00:0/);
    });

    it('tells only what is new since the last look', async () => {
      await sendText(app, '+15005550102', 'one');
      const before = await app.as().get('/sandbox');
      await sendText(app, '+15005550102', 'two');
      const after = await app.as().get(`/sandbox?since=${before.body.seq}`);
      expect(after.body.sms.map(({ body }: { body: string }) => body)).toEqual(['two']);
    });
  });

  it('shows the texts as a phone would', async () => {
    await sendText(app, '+15005550105', 'See you <soon>!');
    const page = await app.as().get('/sandbox/phone?to=%2B15005550105');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("style-src 'sha256-");
    expect(page.text).toContain('See you &lt;soon&gt;!');
  });

  describe('moves time', () => {
    const move = (body: object) => app.as().post('/sandbox/clock', body);

    it('to an instant, on by minutes, and back to real time', async () => {
      const there = await move({ now: '2030-03-03T09:00:00Z' });
      const later = await move({ advanceMinutes: 90 });
      const back = await move({ reset: true });
      expect([there.status, later.status, back.status]).toEqual([200, 200, 200]);
      expect(there.body.now).toMatch(/^2030-03-03T09:00:0/);
      expect(later.body.now).toMatch(/^2030-03-03T10:30:0/);
      expect(Math.abs(Date.parse(back.body.now) - Date.now())).toBeLessThan(2_000);
    });

    it('and what became due happens at once, not at the next round', async () => {
      await app.sql(
        `insert into outbox_message (id, topic, handler, payload, dedupe_key, due_at, expires_at)
         values (gen_random_uuid(), 'test.topic', 'test.nobody', '{}', 'sandbox-expiring', now() + interval '1 hour', now() + interval '2 hours')`,
      );
      await move({ advanceMinutes: 180 });
      await waitFor(
        async () =>
          (
            await app.sql(
              `select 1 from outbox_message where dedupe_key = 'sandbox-expiring' and state = 'done'`,
            )
          ).length === 1,
        2_000,
      );
    });

    it.each([
      {},
      { reset: false },
      { advanceMinutes: 5, reset: true },
      { advanceMinutes: 0 },
      { now: 'tomorrow' },
      { now: '2030-03-03T09:00:00' },
      { minutes: 5 },
    ])('but not by %j', async (body) => {
      const answer = await move(body);
      expect([answer.status, answer.body.code]).toEqual([422, 'validation-failed']);
    });
  });

  describe('lets things go wrong', () => {
    it('as told, as often as told, and lists what is in force', async () => {
      const rule = { match: { provider: 'twilio', to: '0103' }, status: 503, retryAfter: 7, times: 1 };
      const set = await app.as().post('/sandbox/faults', { rules: [rule] });
      const answers = [
        await sendText(app, '+15005550103', 'one'),
        await sendText(app, '+15005550103', 'two'),
      ];
      const listed = await app.as().get('/sandbox/faults');
      const cleared = await app.as().delete('/sandbox/faults');
      expect(set.body).toEqual({ rules: [{ ...rule, hits: 0 }], held: 0 });
      expect(answers).toEqual([503, 201]);
      expect(listed.body.rules).toEqual([{ ...rule, hits: 1 }]);
      expect(cleared.status).toBe(204);
      expect((await app.as().get('/sandbox/faults')).body.rules).toEqual([]);
    });

    it.each([
      { rules: [{ status: 200 }] },
      { rules: [{ latency: 5 }] },
      { rules: [{ match: { provider: 'paypal' } }] },
      { rules: [{ match: [] }] },
      { rules: {} },
      {},
    ])('but a misspelt fault is refused rather than ignored: %j', async (body) => {
      const answer = await app.as().post('/sandbox/faults', body);
      expect([answer.status, answer.body.code]).toEqual([422, 'validation-failed']);
    });
  });

  describe('lets a customer text the salon', () => {
    it('and the carrier opts a STOP out by itself', async () => {
      const said = await app.as().post('/sandbox/sms/inbound', { from: '+1 500 555 0104', body: 'stop' });
      expect(said.status).toBe(200);
      expect(said.body).toMatchObject({ optOut: 'STOP', sid: expect.stringMatching(/^SM/) });
      const { body } = await app.as().get('/sandbox');
      expect(body.inbound).toContainEqual(expect.objectContaining({ from: '+15005550104', body: 'stop' }));
    });

    it('from a telephone number only', async () => {
      const answer = await app.as().post('/sandbox/sms/inbound', { from: 'Ada', body: 'hi' });
      expect([answer.status, answer.body.code]).toEqual([422, 'validation-failed']);
    });
  });

  describe('where a provider is live', () => {
    it('does not move time, and where all are live does not exist', async () => {
      const mixed = await TestApp.start({ env: LIVE_MAIL, database: app.database });
      const live = await TestApp.start({
        env: { ...LIVE_MAIL, ...LIVE_SMS, ...LIVE_MONEY, ...LIVE_CALENDAR },
        database: app.database,
      });
      const refused = await mixed.as().post('/sandbox/clock', { advanceMinutes: 5 });
      const gone = [await live.as().get('/sandbox'), await live.as().post('/sandbox/clock', { reset: true })];
      await Promise.all([mixed.stop(), live.stop()]);
      expect([refused.status, refused.body.code]).toEqual([409, 'sandbox-only']);
      expect(gone.map(({ status }) => status)).toEqual([404, 404]);
    });
  });
});
