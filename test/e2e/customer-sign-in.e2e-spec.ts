import { askForCode, codeSentTo, signInBy, stepUp, tellCode } from '../support/codes.js';
import { aPhone, fromAddress } from '../support/factories.js';
import { aGuestContact, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { freshAddress, said } from '../support/sign-in.js';
import { TestApp } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const MONDAY = '2030-03-04T10:00:00-05:00';
const TUESDAY = '2030-03-05T10:00:00-05:00';

describe('a customer signs in by code', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.sandbox.config({ stepMs: 1 });
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app, { staff: 4 });
  });
  afterAll(() => app.stop());

  const sentTo = async (to: string) => {
    await app.effectsDone();
    return (await app.sandbox.state({ to })).sms.length;
  };
  const customerOf = async (id: string) =>
    (await app.sql<{ customer_id: string }>('select customer_id from booking where id = $1', [id]))[0]
      ?.customer_id;

  it('with six digits that come as a text, are never stored, and open a new account the first time', async () => {
    const phone = aPhone();
    const challengeId = await askForCode(app, 'sms', phone);
    const code = await codeSentTo(app, phone);
    const { status, body } = await tellCode(app, { challengeId, code, name: 'Ada Lovelace' });
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 600,
      customer: { id: expect.any(String) },
    });
    const rows = await app.sql(
      `select name, phone, phone_verified_at is not null as verified from customer where phone = $1`,
      [phone],
    );
    expect(rows).toEqual([{ name: 'Ada Lovelace', phone, verified: true }]);
    const kept = await app.sql<{ body: string }>(`select body from message where to_address = $1`, [phone]);
    expect(kept.map((row) => row.body)).toContainEqual(expect.stringMatching(/^\[code\] is your code/));
    const [found] = await app.sql<{ held: boolean }>(
      `select exists (select from message where body like $1) or exists (select from one_time_code c where c::text like $1)
         or exists (select from outbox_message o where o.payload::text like $1) as held`,
      [`%${code}%`],
    );
    expect(found?.held).toBe(false);
  });

  it('by e-mail as well, and again into the same account', async () => {
    const { email } = aGuestContact();
    const first = await signInBy(app, 'email', email, 'Ada');
    const challengeId = await askForCode(app, 'email', email.toUpperCase());
    const second = await tellCode(app, { challengeId, code: await codeSentTo(app, email) });
    expect(second.body).toMatchObject({ customer: { id: first.id } });
  });

  it('is welcomed once, at the contact that was proven', async () => {
    const phone = aPhone();
    await signInBy(app, 'sms', phone, 'Ada');
    await signInBy(app, 'sms', phone);
    await app.effectsDone();
    const { sms } = await app.sandbox.state({ to: phone });
    expect(sms.filter(({ body }) => body.startsWith('Welcome'))).toHaveLength(1);
  });

  describe('a code', () => {
    it.each([
      ['wrong digits', async (challengeId: string, code: string) => ({ challengeId, code: other(code) })],
      [
        'another challenge',
        async (_: string, code: string) => ({ challengeId: await askForCode(app, 'sms', aPhone()), code }),
      ],
      [
        'a challenge that never was',
        async (_: string, code: string) => ({ challengeId: '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55', code }),
      ],
    ])('told with %s opens nothing', async (_, forge) => {
      const phone = aPhone();
      const challengeId = await askForCode(app, 'sms', phone);
      const refused = await tellCode(app, await forge(challengeId, await codeSentTo(app, phone)));
      expect(said(refused as never)).toMatchObject({ status: 401, code: 'sign-in-failed' });
      expect(await app.sql('select 1 from customer where phone = $1', [phone])).toEqual([]);
    });

    it('is good once, of twenty who tell it at once too', async () => {
      const phone = aPhone();
      const challengeId = await askForCode(app, 'sms', phone);
      const code = await codeSentTo(app, phone);
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => tellCode(app, { challengeId, code })),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401]);
      expect((await tellCode(app, { challengeId, code })).status).toBe(401);
      expect(await app.sql('select 1 from customer where phone = $1', [phone])).toHaveLength(1);
    });

    it('is given five tries, however many are made at once', async () => {
      const phone = aPhone();
      const challengeId = await askForCode(app, 'sms', phone);
      const code = await codeSentTo(app, phone);
      await Promise.all(Array.from({ length: 30 }, () => tellCode(app, { challengeId, code: other(code) })));
      const [row] = await app.sql<{ tries: number }>('select tries from one_time_code where id = $1', [
        challengeId,
      ]);
      expect(row?.tries).toBe(5);
      expect((await tellCode(app, { challengeId, code })).status).toBe(401);
    });

    it('is good for five minutes of real time, whatever app time says', async () => {
      const phone = aPhone();
      const challengeId = await askForCode(app, 'sms', phone);
      const code = await codeSentTo(app, phone);
      await app.sql(
        `update one_time_code set created_at = created_at - interval '301 seconds', expires_at = expires_at - interval '301 seconds' where id = $1`,
        [challengeId],
      );
      expect((await tellCode(app, { challengeId, code })).status).toBe(401);
    });
  });

  describe('asking for codes', () => {
    it('is answered alike for known and unknown contacts, and looks nobody up', async () => {
      const [known, unknown] = [aPhone(), aPhone()];
      await signInBy(app, 'sms', known, 'Ada');
      const ask = (to: string) =>
        fromAddress(app, freshAddress()).post('/api/auth/code', { channel: 'sms', to });
      const [a, b] = [await ask(known), await ask(unknown)];
      const shape = ({ status, headers, body }: typeof a) => ({
        status,
        headers: Object.keys(headers).toSorted(),
        body: { ...body, challengeId: '' },
      });
      expect(shape(a)).toEqual(shape(b));
    });

    it('sends three in ten minutes; a fourth answers to the last one sent', async () => {
      const phone = aPhone();
      for (let count = 1; count <= 3; count += 1) {
        await askForCode(app, 'sms', phone);
        expect(await sentTo(phone)).toBe(count);
      }
      const stranger = await askForCode(app, 'sms', phone);
      expect(await sentTo(phone)).toBe(3);
      expect(
        (await tellCode(app, { challengeId: stranger, code: await codeSentTo(app, phone) })).status,
      ).toBe(200);
    });

    it('a hundred at once for one number send three', async () => {
      const phone = aPhone();
      await Promise.all(Array.from({ length: 100 }, () => askForCode(app, 'sms', phone)));
      expect(await sentTo(phone)).toBe(3);
    });

    it('from one place sends ten texts an hour, to whomever', async () => {
      const address = freshAddress();
      const phones = Array.from({ length: 12 }, () => aPhone());
      for (const phone of phones) await askForCode(app, 'sms', phone, address);
      const sent = await Promise.all(phones.map(sentTo));
      expect(sent.filter((count) => count === 1)).toHaveLength(10);
    });

    it('by a stranger locks nobody out: wrong tries there leave the owner’s own challenge alone', async () => {
      const [phone, place] = [aPhone(), freshAddress()];
      for (let count = 0; count < 8; count += 1) {
        const challengeId = await askForCode(app, 'sms', phone, place);
        await app.effectsDone(); // Two texts on their way at once may arrive in either order.
        for (let tries = 0; tries < 6; tries += 1) await tellCode(app, { challengeId, code: '000000' });
      }
      const own = await askForCode(app, 'sms', phone);
      const { status } = await tellCode(app, { challengeId: own, code: await codeSentTo(app, phone) });
      expect(status).toBe(200);
    });

    it.each([
      [{ channel: 'sms', to: 'nonsense' }, '/to'],
      [{ channel: 'email', to: '+15005550100' }, '/to'],
      [{ channel: 'fax', to: '+15005550100' }, '/channel'],
    ])('for %j is refused and writes nothing', async (body, pointer) => {
      const [before] = await app.sql<{ n: string }>('select count(*) as n from one_time_code');
      const answer = await app.as().post('/api/auth/code', body);
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
      expect((await app.sql<{ n: string }>('select count(*) as n from one_time_code'))[0]).toEqual(before);
    });
  });

  describe('what was booked as a guest', () => {
    it('with exactly the proven contact becomes the customer’s, and the other contact hears of it', async () => {
      const ada = aGuestContact();
      const booked = await bookAsGuest(app, salon, MONDAY, { customer: ada });
      const { id, token } = await signInBy(app, 'sms', ada.phone);
      expect(await customerOf(booked.body.id)).toBe(id);
      expect((await app.as(token).get(`/api/bookings/${booked.body.id}`)).body.history).toHaveLength(1);
      const [customer] = await app.sql('select name, email from customer where id = $1', [id]);
      expect(customer).toEqual({ name: 'Ada Lovelace', email: null });
      await app.effectsDone();
      const { emails } = await app.sandbox.state({ to: ada.email });
      expect(emails.map(({ subject }) => subject)).toContain(
        'Bookings with this address were joined to an account',
      );
    });

    it('is still remembered the day before, by e-mail where the proven contact is an address', async () => {
      const ada = aGuestContact();
      await bookAsGuest(app, salon, '2030-03-07T10:00:00-05:00', { customer: ada });
      await app.effectsDone();
      await signInBy(app, 'email', ada.email);
      await app.timeIs('2030-03-06T15:00:01Z');
      await app.effectsDone();
      const { sms, emails } = await app.sandbox.state({ to: ada.email });
      const reminders = emails.filter(({ subject }) => subject.startsWith('Reminder: '));
      expect([reminders.length, sms]).toEqual([1, []]);
      await app.timeIs(FRIDAY_9);
    });

    it('with another contact stays where it is, and the guest’s row says whose it is', async () => {
      const [ada, ben] = [aGuestContact(), aGuestContact()];
      const theirs = await bookAsGuest(app, salon, TUESDAY, { customer: ben });
      const guest = await customerOf(theirs.body.id);
      const { id, token } = await signInBy(app, 'email', ada.email);
      expect(await customerOf(theirs.body.id)).toBe(guest);
      expect((await app.as(token).get(`/api/bookings/${theirs.body.id}`)).status).toBe(404);
      const ben2 = await signInBy(app, 'email', ben.email);
      const [row] = await app.sql('select merged_into_id from customer where id = $1', [guest]);
      expect([row, ben2.id === id]).toEqual([{ merged_into_id: ben2.id }, false]);
    });

    it('does not change what the customer decided about messages', async () => {
      const phone = aPhone();
      const { id } = await signInBy(app, 'sms', phone, 'Ada');
      await app.sql(
        `insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, at)
         values (gen_random_uuid(), $1, 'marketing_sms', false, 'marketing-sms-1', 'portal', 'customer', app_now() - interval '1 day')`,
        [id],
      );
      const consents = { marketing_sms: true };
      await bookAsGuest(app, salon, '2030-03-06T10:00:00-05:00', {
        customer: { name: 'Mallory', phone, email: 'mallory@evil.example' },
        consents,
      });
      await signInBy(app, 'sms', phone);
      const [latest] = await app.sql<{ granted: boolean }>(
        `select granted from consent where customer_id = $1 and purpose = 'marketing_sms' order by at desc, id desc limit 1`,
        [id],
      );
      expect(latest).toEqual({ granted: false });
      const [customer] = await app.sql('select name, email from customer where id = $1', [id]);
      expect(customer).toEqual({ name: 'Ada', email: null });
    });
  });

  describe('in a session', () => {
    it('another code makes it fresh again; wrong ones do not, and no other session’s', async () => {
      const phone = aPhone();
      const { token } = await signInBy(app, 'sms', phone, 'Ada');
      await app.sql(`update session set proven_at = now() - interval '11 minutes'`);
      const ada = app.as(token);
      const asked = await ada.post('/api/auth/step-up', { channel: 'sms' });
      const code = await codeSentTo(app, phone);
      const told = { challengeId: asked.body.challengeId, code };
      expect((await ada.post('/api/auth/step-up/verify', { ...told, code: other(code) })).body.code).toBe(
        'code-wrong',
      );
      expect((await tellCode(app, told)).status).toBe(401);
      expect((await ada.post('/api/auth/step-up/verify', told)).status).toBe(204);
      expect(await stepUp(app, ada, 'sms', phone)).toBe(204);
    });

    it('a contact that was never proven gets no code', async () => {
      const { token } = await signInBy(app, 'sms', aPhone(), 'Ada');
      const answer = await app.as(token).post('/api/auth/step-up', { channel: 'email' });
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/channel']);
    });

    it('it is rotated like any other, and signing out ends it at once', async () => {
      const { token, refreshToken } = await signInBy(app, 'sms', aPhone(), 'Ada');
      const renewed = await app.as().post('/api/auth/refresh', { refreshToken });
      expect(renewed.status).toBe(200);
      expect((await app.as(token).post('/api/auth/logout')).status).toBe(204);
      expect(
        (await app.as(renewed.body.accessToken).post('/api/auth/step-up', { channel: 'sms' })).status,
      ).toBe(401);
      expect(
        (await app.as().post('/api/auth/refresh', { refreshToken: renewed.body.refreshToken })).status,
      ).toBe(401);
    });
  });
});

/** Six digits, but not these. */
const other = (code: string) => code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
