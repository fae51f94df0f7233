import { aDataDir, TestEmulator, until } from './emulator.fixture.js';

const MAIL = {
  from: 'Lawrei Beauty <salon@example.com>',
  to: 'ada@example.com',
  subject: 'Kohtumine õhtul',
  text: 'Hi Ada!\n',
};

describe('the emulated mail server, spoken to by nodemailer', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  beforeAll(async () => (emulator = await TestEmulator.start(dataDir.path)));
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });
  beforeEach(() => emulator.control.reset());

  const send = (change: object = {}) => emulator.mailer().sendMail({ ...MAIL, ...change });
  const emails = async (to?: string) => (await emulator.control.state(to === undefined ? {} : { to })).emails;

  it('keeps an e-mail with its text, its head and what is attached', async () => {
    const { messageId } = await send({
      html: '<p>Hi Ada!</p>',
      headers: { 'List-Unsubscribe': '<https://example.com/u>' },
      attachments: [
        { filename: 'visit.ics', contentType: 'text/calendar', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' },
        { filename: 'logo.png', contentType: 'image/png', content: Buffer.from([1, 2, 3]) },
      ],
    });
    const [email] = await emails();
    expect(email).toMatchObject({
      to: 'ada@example.com',
      from: 'salon@example.com',
      subject: MAIL.subject,
      html: '<p>Hi Ada!</p>',
      messageId,
    });
    expect(email?.text.trim()).toBe('Hi Ada!');
    expect(email?.headers).toMatchObject({ 'list-unsubscribe': '<https://example.com/u>' });
    const [invitation, logo] = email?.attachments ?? [];
    expect(invitation).toMatchObject({
      filename: 'visit.ics',
      contentType: 'text/calendar',
      encoding: 'utf8',
    });
    expect(invitation?.content).toContain('END:VCALENDAR');
    expect(logo).toMatchObject({ filename: 'logo.png', encoding: 'base64', content: 'AQID' });
  });

  it('shows honestly what comes twice, and everybody who got it', async () => {
    await send({ messageId: '<same@example.com>' });
    await send({ messageId: '<same@example.com>', to: 'ada@example.com, ben@example.com' });
    expect((await emails()).map((email) => email.to)).toEqual([
      'ada@example.com',
      'ada@example.com, ben@example.com',
    ]);
    expect(await emails('ben@example.com')).toHaveLength(1);
    expect(await emails('eve@example.com')).toEqual([]);
  });

  it('takes a bare e-mail without sender, subject and text', async () => {
    await emulator
      .mailer()
      .sendMail({ envelope: { from: '', to: 'ada@example.com' }, raw: 'X-A: 1\r\n\r\n' });
    const bare = { from: '', subject: '', text: '', html: null, messageId: null, attachments: [] };
    expect(await emails()).toMatchObject([bare]);
  });

  it('refuses for now or for good where a rule says so, and keeps nothing', async () => {
    await emulator.control.faults([
      { match: { provider: 'smtp', to: 'ada@example.com' }, status: 451 },
      { match: { provider: 'smtp', to: '@gone.example' }, status: 550 },
    ]);
    await expect(send()).rejects.toMatchObject({ responseCode: 451 });
    await expect(send({ to: 'x@gone.example' })).rejects.toMatchObject({ responseCode: 550 });
    expect(await emails()).toEqual([]);
    await send({ to: 'ben@example.com' });
    expect(await emails()).toHaveLength(1);
  });

  it('breaks off before or after the e-mail was taken', async () => {
    await emulator.control.faults([
      { match: { provider: 'smtp' }, reset: 'before', times: 1 },
      { reset: 'after' },
    ]);
    await expect(send({ subject: 'before' })).rejects.toThrow('Connection closed unexpectedly');
    await expect(send({ subject: 'after' })).rejects.toThrow('Connection closed unexpectedly');
    expect((await emails()).map((email) => email.subject)).toEqual(['after']);
  });

  it('holds its answer back after taking the e-mail', async () => {
    await emulator.control.faults([{ hold: true, latencyMs: 1 }]);
    const answer = send();
    await until(
      () => emulator.control.listFaults(),
      ({ held }) => held === 1,
    );
    expect(await emails()).toHaveLength(1);
    await emulator.control.clearFaults();
    expect((await answer).accepted).toEqual(['ada@example.com']);
  });
});
