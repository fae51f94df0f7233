import { aStaffAccount, theOwner } from '../support/factories.js';
import { at } from '../support/portal.js';
import { aGuestContact, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { FRIDAY_9, texting } from '../support/texting.js';

const KEY = 'sms.booking_confirmed.en';
const PATH = `/admin/templates/${KEY}`;
const OURS = 'Hello {firstName}, {when}: {service}. - {business}';

describe('the wording of messages', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app, { staff: 20 });
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());

  const { textsTo } = texting(() => app);
  const versionOf = async (path = PATH) => String((await manager.get(path)).headers['etag']);
  const draft = async (body: object, path = PATH, tag?: string) =>
    manager.put(path, body, { 'if-match': tag ?? (await versionOf(path)) });
  const publish = (path = PATH) => manager.post(`${path}/publish`);
  let places = 0;
  /** The first text that somebody gets who books now. */
  const confirmation = async (more: object = {}) => {
    const customer = { ...aGuestContact(), ...more };
    const staffId = salon.staffIds[places++];
    const booked = await bookAsGuest(app, salon, at(5, '10:00'), { customer, staffId });
    if (booked.status !== 201) throw new Error(booked.text);
    await app.effectsDone();
    const [text] = await textsTo(customer.phone);
    return text?.body;
  };
  const problemOf = ({ status, body }: Awaited<ReturnType<Caller['get']>>) => [
    status,
    body.code,
    ...(body.errors ?? []).map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
  ];

  it('is listed with what is in force and what may be said, every message of the product', async () => {
    const { body } = await manager.get('/admin/templates');
    expect(body.data.length).toBeGreaterThan(40);
    expect(body.data.find(({ key }: { key: string }) => key === KEY)).toMatchObject({
      ...{ channel: 'sms', name: 'booking_confirmed', language: 'en', version: 0, draft: null },
      variables: expect.arrayContaining(['firstName', 'service', 'when', 'business']),
      published: {
        ...{ number: 1, publishedAt: null, restores: null, subject: null },
        body: 'Hi {name}! Your appointment for {service} is confirmed for {date} at {time}. See you soon! - {business}',
      },
    });
  });

  it('changes with its publication and not before, and goes back to any version', async () => {
    const drafted = await draft({ body: OURS });
    expect(drafted.body).toMatchObject({ version: 1, draft: { body: OURS }, published: { number: 1 } });
    expect(await confirmation()).toMatch(/^Hi Ada Lovelace! Your appointment/);
    const published = await publish();
    expect(published.body).toMatchObject({ draft: null, published: { number: 2, body: OURS } });
    expect(await confirmation()).toMatch(
      /^Hello Ada, on Tuesday, March 5 at 10:00 AM: Haircut \w+\. - Lawrei Beauty$/,
    );
    await draft({ body: 'Again: {service}. - {business}' });
    await publish();
    expect(await confirmation()).toMatch(/^Again: /);
    const back = await manager.post(`${PATH}/rollback`, { number: 1 });
    expect(back.body).toMatchObject({ published: { number: 4, restores: 1 } });
    expect(await confirmation()).toMatch(/^Hi Ada Lovelace! Your appointment/);
    const { body } = await manager.post(`${PATH}/rollback`, { number: 2 });
    expect(
      body.versions.map(({ number, restores }: { number: number; restores: number }) => [number, restores]),
    ).toEqual([
      [5, 2],
      [4, 1],
      [3, null],
      [2, null],
      [1, null],
    ]);
    expect(await confirmation()).toMatch(/^Hello Ada/);
    await manager.post(`${PATH}/rollback`, { number: 1 });
  });

  it('leaves a line in the audit log of each step, with who took it', async () => {
    const lines = await app.sql<{ action: string; key: string; number: number | null }>(
      `select action, details ->> 'key' as key, (details ->> 'number')::int as number from audit_log
        where subject_kind = 'template' and actor_kind = 'staff' order by at, id limit 3`,
    );
    expect(lines).toEqual([
      { action: 'template.drafted', key: KEY, number: null },
      { action: 'template.published', key: KEY, number: 2 },
      { action: 'template.drafted', key: KEY, number: null },
    ]);
  });

  it('follows the customer’s language where the salon writes it, with its dates and money', async () => {
    const words = { channel: 'sms', name: 'booking_confirmed', language: 'es' };
    const body = 'Hola {firstName}: {service}, {date}, {time}, {balance}. - {business}';
    const made = await manager.post('/admin/templates', { ...words, body });
    expect([made.status, made.body.published, made.body.draft.body]).toEqual([201, null, body]);
    expect(problemOf(await manager.post('/admin/templates', { ...words, body }))).toEqual([409, 'conflict']);
    expect(await confirmation({ locale: 'es-MX' })).toMatch(/^Hi /);
    expect((await publish('/admin/templates/sms.booking_confirmed.es')).status).toBe(200);
    expect(await confirmation({ locale: 'es-MX' })).toMatch(
      /^Hola Ada: Haircut \w+, martes, 5 de marzo, 10:00 a\. ?m\., USD ?85\.00\. - Lawrei Beauty$/,
    );
    expect(await confirmation({ locale: 'en-GB' })).toMatch(/^Hi .* for Tuesday,? 5 March at 10:00/);
  });

  it('is shown with made-up data before anybody gets it, and what it costs', async () => {
    const { body } = await manager.post(`${PATH}/preview`, {
      body: 'Hi {firstName}, {amount} for {service}. - {business}',
    });
    expect(body).toEqual({
      ...{ subject: null, body: 'Hi Ada, $85.00 for Haircut. - Lawrei Beauty', characters: 43, segments: 1 },
    });
    const dear = await manager.post(`${PATH}/preview`, { body: `Ž ${'x'.repeat(70)} {business}` });
    expect(dear.body.segments).toBe(2);
    const spanish = await manager.post(`${PATH}/preview`, { body: '{date} {business}', locale: 'es-MX' });
    expect(spanish.body.body).toMatch(/de marzo Lawrei Beauty$/);
    const mail = await manager.post('/admin/templates/email.booking_confirmed.en/preview', {});
    expect(mail.body).toMatchObject({
      subject: expect.stringMatching(/^Confirmed: Haircut on/),
      segments: null,
    });
    for (const { key } of (await manager.get('/admin/templates')).body.data)
      expect([key, (await manager.post(`/admin/templates/${key}/preview`, {})).status]).toEqual([key, 200]);
  });

  describe('is refused, and stays as it was,', () => {
    const EMAIL = '/admin/templates/email.booking_confirmed.en';

    it.each<[string, string, object, [string, string]]>([
      [
        'with a variable that does not exist',
        PATH,
        { body: '{nmae} {business}' },
        ['/body', 'unknown-variable'],
      ],
      [
        'with one that this message does not know',
        PATH,
        { body: '{code} {business}' },
        ['/body', 'unknown-variable'],
      ],
      ['with half a brace', PATH, { body: '{name {business}' }, ['/body', 'malformed-template']],
      ['as a text that does not say who writes', PATH, { body: 'Hi {name}' }, ['/body', 'business-missing']],
      ['as a text with a subject', PATH, { subject: 'x', body: '{business}' }, ['/subject', 'not-for-texts']],
      [
        'with a mistake in the subject',
        EMAIL,
        { subject: '{x}', body: 'x' },
        ['/subject', 'unknown-variable'],
      ],
      [
        'as a code message without the code',
        '/admin/templates/sms.one_time_code.en',
        { body: 'Hi - {business}' },
        ['/body', 'code-missing'],
      ],
    ])('%s', async (_, path, body, error) => {
      const before = (await manager.get(path)).body;
      expect(problemOf(await draft(body, path))).toEqual([422, 'validation-failed', error]);
      expect(problemOf(await manager.post(`${path}/preview`, body))).toEqual([
        422,
        'validation-failed',
        error,
      ]);
      expect((await manager.get(path)).body).toEqual(before);
    });

    it('as an e-mail without a subject', async () => {
      expect(problemOf(await draft({ body: 'x' }, EMAIL))).toEqual([
        422,
        'validation-failed',
        ['/subject', 'required'],
      ]);
    });

    it('by whoever read an older version, did not read it, or is no manager', async () => {
      const old = await versionOf();
      await draft({ body: OURS });
      expect(problemOf(await draft({ body: OURS }, PATH, old))).toEqual([412, 'version-mismatch']);
      expect(problemOf(await manager.put(PATH, { body: OURS }))).toEqual([428, 'precondition-required']);
      const { status } = await manager.post(`${PATH}/publish`, undefined, { 'if-match': old });
      expect(status).toBe(412);
      const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
      expect((await reception.get('/admin/templates')).status).toBe(403);
    });

    it('where there is nothing to publish, no such version and no such message', async () => {
      const fresh = '/admin/templates/sms.booking_cancelled.en';
      expect(problemOf(await publish(fresh))).toEqual([409, 'conflict']);
      expect(problemOf(await manager.post(`${PATH}/rollback`, { number: 99 }))).toEqual([
        ...[422, 'validation-failed'],
        ['/number', 'unknown'],
      ]);
      for (const key of [
        'sms.nothing.en',
        'fax.booking_confirmed.en',
        'sms.booking_held.en',
        'sms.booking_confirmed.fr',
      ])
        expect([key, (await manager.get(`/admin/templates/${key}`)).status]).toEqual([key, 404]);
      const wrong = { channel: 'sms', name: 'booking_held', language: 'es', body: '{business}' };
      expect(problemOf(await manager.post('/admin/templates', wrong))).toEqual([
        ...[422, 'validation-failed'],
        ['/name', 'unknown'],
      ]);
    });
  });

  it('is published once by ten who press at the same moment', async () => {
    const owner = app.as(await theOwner(app));
    const path = '/admin/templates/sms.booking_rescheduled.en';
    await draft({ body: 'Moved: {when} - {business}' }, path);
    const all = await Promise.all(Array.from({ length: 10 }, () => owner.post(`${path}/publish`)));
    expect(all.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    expect((await owner.get(path)).body.versions).toHaveLength(2);
  });
});
