import { SANDBOX_MESSAGING_SERVICE_SID, SANDBOX_TWILIO } from './credentials.js';
import { aDataDir, TestEmulator, twilioAt, until } from './emulator.fixture.js';

const FROM = SANDBOX_TWILIO.phoneNumber;
const ADA = '+14155550101';

describe('the emulated Twilio, spoken to by the official SDK', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  beforeAll(async () => (emulator = await TestEmulator.start(dataDir.path)));
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });
  beforeEach(() => emulator.control.reset());

  const delivered = (sid: string) =>
    until(
      () => emulator.twilio.messages(sid).fetch(),
      (message) => message.status === 'delivered',
    );

  it('takes a text, answers with the whole message, and delivers it', async () => {
    const message = await emulator.text(ADA, 'Hi Ada! Õhtul näeme.');
    expect(message).toMatchObject({
      accountSid: SANDBOX_TWILIO.accountSid,
      apiVersion: '2010-04-01',
      body: 'Hi Ada! Õhtul näeme.',
      dateSent: null,
      direction: 'outbound-api',
      errorCode: null,
      from: FROM,
      messagingServiceSid: null,
      numMedia: '0',
      numSegments: '1',
      price: null,
      priceUnit: 'USD',
      status: 'queued',
      to: ADA,
    });
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(Math.abs(message.dateCreated.getTime() - Date.now())).toBeLessThan(10_000);
    expect((await delivered(message.sid)).dateSent).toBeInstanceOf(Date);
  });

  it('counts the parts of a long text', async () => {
    expect((await emulator.text(ADA, 'a'.repeat(161))).numSegments).toBe('2');
    expect((await emulator.text(ADA, 'õ'.repeat(71))).numSegments).toBe('2');
  });

  it('writes dates as RFC 2822 and numbers as texts', async () => {
    await emulator.text(ADA, 'hello');
    const auth = Buffer.from(`${SANDBOX_TWILIO.accountSid}:${SANDBOX_TWILIO.authToken}`).toString('base64');
    const url = `${emulator.base}/2010-04-01/Accounts/${SANDBOX_TWILIO.accountSid}/Messages.json`;
    const response = await fetch(url, { headers: { authorization: `Basic ${auth}` } });
    const { messages } = (await response.json()) as { messages: Record<string, unknown>[] };
    expect(messages[0]?.['date_created']).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
    expect(messages[0]).toMatchObject({ num_segments: '1', num_media: '0', price: null });
  });

  it.each([
    ['no recipient', { to: '', from: FROM, body: 'x' }, 21604],
    ['no sender', { to: ADA, body: 'x' }, 21603],
    ['no text', { to: ADA, from: FROM }, 21602],
    ['a text that is too long', { to: ADA, from: FROM, body: 'x'.repeat(1601) }, 21617],
    ['something that is no number', { to: '555', from: FROM, body: 'x' }, 21211],
    ['an impossible callback address', { to: ADA, from: FROM, body: 'x', statusCallback: 'nowhere' }, 21609],
    ['somebody else’s number as sender', { to: ADA, from: '+14155550199', body: 'x' }, 21606],
    ['a name as sender', { to: ADA, from: 'Salon', body: 'x' }, 21212],
    ['the invalid test sender', { to: ADA, from: '+15005550001', body: 'x' }, 21212],
    ['the test sender with a full queue', { to: ADA, from: '+15005550008', body: 'x' }, 21611],
    ['the invalid test number', { to: '+15005550001', from: FROM, body: 'x' }, 21211],
    ['the unreachable test number', { to: '+15005550002', from: FROM, body: 'x' }, 21612],
    ['the test number abroad', { to: '+15005550003', from: FROM, body: 'x' }, 21408],
    ['the test number that opted out', { to: '+15005550004', from: FROM, body: 'x' }, 21610],
    ['the test landline', { to: '+15005550009', from: FROM, body: 'x' }, 21614],
    ['a strange messaging service', { to: ADA, messagingServiceSid: 'MG1', body: 'x' }, 21606],
    ['a schedule without service', { to: ADA, from: FROM, body: 'x', scheduleType: 'fixed' as const }, 35118],
  ])('refuses %s, as Twilio does', async (_what, params, code) => {
    await expect(emulator.twilio.messages.create(params)).rejects.toMatchObject({ status: 400, code });
    expect((await emulator.control.state()).sms).toEqual([]);
  });

  it('refuses wrong credentials, strange accounts, unknown messages and unknown methods', async () => {
    await expect(twilioAt(emulator.base, 'wrong').messages.list()).rejects.toMatchObject({
      status: 401,
      code: 20003,
    });
    const stranger = `AC${'0'.repeat(32)}`;
    await expect(emulator.twilio.api.v2010.accounts(stranger).fetch()).rejects.toMatchObject({ code: 20404 });
    const unknown = emulator.twilio.messages(`SM${'0'.repeat(32)}`);
    await expect(unknown.fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    const account = emulator.twilio.api.v2010.accounts(SANDBOX_TWILIO.accountSid);
    await expect(account.update({ friendlyName: 'x' })).rejects.toMatchObject({ status: 405 });
    expect((await account.fetch()).status).toBe('active');
  });

  it('lists the newest first, page by page, even when texts are sent meanwhile', async () => {
    const bodies = ['one', 'two', 'three', 'four', 'five'];
    for (const body of bodies) await emulator.text(ADA, body);
    await emulator.text('+14155550102', 'to Ben');

    const first = await emulator.twilio.messages.page({ to: ADA, pageSize: 2 });
    await emulator.text(ADA, 'six');
    const second = await first.nextPage();
    const third = await second?.nextPage();
    const pages = [first, second, third].map((page) => page?.instances.map((message) => message.body));

    expect(pages).toEqual([['five', 'four'], ['three', 'two'], ['one']]);
    expect(third?.nextPage()).toBeUndefined();
    expect((await third?.previousPage())?.instances).toHaveLength(2);
    const all = await emulator.twilio.messages.list({ to: ADA, pageSize: 4 });
    expect(all.map((message) => message.body)).toEqual(['six', ...bodies.toReversed()]);
    expect(await emulator.twilio.messages.list({ to: ADA, limit: 3 })).toHaveLength(3);
  });

  it('finds texts by sender and by the time they were sent', async () => {
    const { sid } = await emulator.text(ADA, 'x');
    const { dateSent } = await delivered(sid);
    const found = async (filter: Parameters<typeof emulator.twilio.messages.list>[0]) =>
      (await emulator.twilio.messages.list(filter)).length;
    const [hourAgo, inAnHour] = [-1, 1].map((hours) => new Date(dateSent.getTime() + hours * 3_600_000));

    expect(await found({ from: FROM, dateSent })).toBe(1);
    expect(await found({ from: '+14155550199' })).toBe(0);
    expect(await found({ dateSentAfter: hourAgo!, dateSentBefore: inAnHour! })).toBe(1);
    expect(await found({ dateSentAfter: inAnHour! })).toBe(0);
    expect(await found({ dateSentBefore: hourAgo! })).toBe(0);
  });

  it('blacks out and deletes a text only once it is on its way no more', async () => {
    await emulator.control.faults([{ callbackDelayMs: 60_000, times: 1 }]);
    const slow = emulator.twilio.messages((await emulator.text(ADA, 'slow')).sid);
    await expect(slow.update({ body: '' })).rejects.toMatchObject({ status: 409, code: 20009 });
    await expect(slow.remove()).rejects.toMatchObject({ code: 20009 });

    const { sid } = await emulator.text(ADA, 'secret');
    await delivered(sid);
    const message = emulator.twilio.messages(sid);
    await expect(message.update({ body: 'other' })).rejects.toMatchObject({ code: 21620 });
    await expect(message.update({ status: 'canceled' })).rejects.toMatchObject({ code: 30409 });
    expect((await message.update({ body: '' })).body).toBe('');
    expect(await message.remove()).toBe(true);
    await expect(message.fetch()).rejects.toMatchObject({ code: 20404 });
    expect(await emulator.twilio.messages.list({ to: ADA })).toHaveLength(1);
    const shown = (await emulator.control.state()).sms.find((sms) => sms.sid === sid);
    expect(shown).toBeUndefined();
  });

  it('sends through a messaging service, and schedules and cancels there', async () => {
    const service = { to: ADA, body: 'x', messagingServiceSid: SANDBOX_MESSAGING_SERVICE_SID };
    const now = await emulator.twilio.messages.create(service);
    expect(now).toMatchObject({ status: 'accepted', from: null });
    expect((await delivered(now.sid)).from).toBe(FROM);

    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    const fixed = { ...service, scheduleType: 'fixed' as const };
    await expect(emulator.twilio.messages.create(fixed)).rejects.toMatchObject({ code: 35111 });
    for (const minutes of [1, 36 * 24 * 60]) {
      const wrong = emulator.twilio.messages.create({ ...fixed, sendAt: at(minutes) });
      await expect(wrong).rejects.toMatchObject({ code: 35114 });
    }
    for (const minutes of [20, 30 * 24 * 60]) {
      const later = await emulator.twilio.messages.create({ ...fixed, sendAt: at(minutes) });
      expect(later.status).toBe('scheduled');
      expect((await emulator.twilio.messages(later.sid).update({ status: 'canceled' })).status).toBe(
        'canceled',
      );
    }
  });

  it('takes pictures', async () => {
    const params = { to: ADA, from: FROM, mediaUrl: ['https://example.com/a.png'] };
    const message = await emulator.twilio.messages.create(params);
    expect(message.sid).toMatch(/^MM/);
    expect(message.numMedia).toBe('1');
  });
});
