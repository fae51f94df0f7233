import { SANDBOX_BOUNCE_TOKEN } from '../../src/sandbox/emulator/credentials.js';
import { reportOf } from '../../src/sandbox/emulator/smtp-bounces.js';
import { theOwner } from '../support/factories.js';
import { at } from '../support/portal.js';
import { aGuestContact, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

describe('an e-mail that comes back', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  let hour = 9;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app);
    owner = app.as(await theOwner(app));
  });
  afterAll(() => app.stop());

  const confirmedFor = async (contact: { email: string; phone?: string }) => {
    hour += 1;
    const customer = { name: 'Ada Lovelace', ...contact };
    const { body } = await bookAsGuest(app, salon, at(5, `${hour}:00`), { customer });
    return String(body.id);
  };
  const confirmationOf = async (bookingId: string) => {
    const { data } = (await owner.get(`/admin/messages?bookingId=${bookingId}`)).body as {
      data: { id: string; family: string; channel: string; state: string; reason: string | null }[];
    };
    return data.find(({ family, channel }) => family === 'booking_confirmed' && channel === 'email');
  };
  const stateIs = (bookingId: string, state: string) =>
    waitFor(async () => (await confirmationOf(bookingId))?.state === state);
  const post = (
    payload: string,
    authorization = `Bearer ${SANDBOX_BOUNCE_TOKEN}`,
    url = '/webhooks/email/bounces',
  ) =>
    app.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { authorization, 'content-type': 'message/rfc822' },
    });

  it('is not delivered, in plain words, and shown to people where nothing else tells the customer', async () => {
    const bookingId = await confirmedFor({ email: 'bounce+ada@example.com' });
    await stateIs(bookingId, 'undelivered');
    const confirmation = await confirmationOf(bookingId);
    expect(confirmation?.reason).toBe('The recipient’s mail server refused it (550). Check the address.');
    const { body } = await owner.get('/admin/messages?flagged=true');
    expect(body.data.map(({ id }: { id: string }) => id)).toContain(confirmation?.id);
  });

  it('is not shown to people where a text told the same', async () => {
    const bookingId = await confirmedFor({ ...aGuestContact(), email: 'bounce@example.com' });
    await stateIs(bookingId, 'undelivered');
    const { body } = await owner.get('/admin/messages?flagged=true');
    expect(body.data.map(({ id }: { id: string }) => id)).not.toContain(
      (await confirmationOf(bookingId))?.id,
    );
  });

  it('counts for whoever has the token, once, and changes nothing else', async () => {
    const { email } = aGuestContact();
    const bookingId = await confirmedFor({ email });
    await stateIs(bookingId, 'sent');
    const [mail] = (await app.sandbox.state({ to: email })).emails;
    if (!mail) throw new Error('nothing was sent');
    for (const wrong of ['', 'Bearer x', SANDBOX_BOUNCE_TOKEN]) {
      const refused = await post(reportOf(mail), wrong);
      expect([refused.statusCode, refused.json().code]).toEqual([403, 'signature-invalid']);
    }
    expect((await post('Subject: Out of office\r\n\r\nBack on Monday.')).statusCode).toBe(204);
    expect((await confirmationOf(bookingId))?.state).toBe('sent');
    for (let copy = 0; copy < 2; copy += 1) expect((await post(reportOf(mail))).statusCode).toBe(204);
    expect((await confirmationOf(bookingId))?.state).toBe('undelivered');
    expect((await post('x'.repeat(70_000))).statusCode).toBe(413);
  });
});
