import { Database } from '../../src/database/database.service.js';
import { PUBLIC, WORKER, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { ConsentService } from '../../src/customers/consent.service.js';
import { decisionsAtBooking } from '../../src/customers/consent.types.js';
import { OptOutService } from '../../src/customers/opt-out.service.js';
import { aService, aStaffAccount, aStaffMember, theOwner } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { freshDatabase } from '../support/test-database.js';

const PRICE = { amount: 8500, currency: 'USD' };

describe('running the salon', () => {
  let app: TestApp;
  let owner: Caller;
  let manager: Caller;
  let reception: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = app.as(await theOwner(app));
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
  });
  afterAll(() => app.stop());

  const auditOf = async (subjectId: string) =>
    (
      await app.sql<{ action: string }>(
        'select action from audit_log where subject_id = $1 order by at, id',
        [subjectId],
      )
    ).map((row) => row.action);
  const aNewService = (body: object = {}) =>
    manager.post('/admin/services', { name: `Cut ${newId()}`, durationMinutes: 60, price: PRICE, ...body });
  const problem = (code: string, pointer?: string) => ({
    code,
    ...(pointer ? { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) } : {}),
  });

  describe('the settings', () => {
    it('begin with what the configuration says', async () => {
      const { status, body, headers } = await owner.get('/admin/settings');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        name: 'Lawrei Beauty',
        timeZone: 'America/New_York',
        currency: 'USD',
        holdMinutes: 10,
        maxActiveBookings: 10,
      });
      expect(headers['etag']).toBe(`"${body.version}"`);
    });

    it('are seeded once, also when two processes boot on an empty database at the same moment', async () => {
      const database = await freshDatabase();
      const booted = await Promise.all([1, 2].map(() => TestApp.start({ database })));
      const again = await TestApp.start({ database, env: { BUSINESS_NAME: 'Another', BUSINESS_DAYS: '7' } });
      try {
        expect(await again.sql('select name from business')).toEqual([{ name: 'Lawrei Beauty' }]);
        const weekdays = await again.sql<{ weekday: number }>(
          'select weekday from weekly_hours order by weekday',
        );
        expect(weekdays.map((row) => row.weekday)).toEqual([1, 2, 3, 4, 5]);
      } finally {
        for (const one of [...booted, again]) await one.stop();
      }
    });

    it('change one by one, and say who changed them', async () => {
      const before = (await owner.get('/admin/settings')).body;
      const changed = await owner.patch('/admin/settings', {
        phone: '+1 500 555 0100',
        cancelNoticeHours: 48,
        helpUrl: 'https://lawrei.example/help',
      });
      expect(changed.status).toBe(200);
      expect(changed.body).toEqual({
        ...before,
        phone: '+15005550100',
        cancelNoticeHours: 48,
        helpUrl: 'https://lawrei.example/help',
        version: before.version + 1,
      });
      const cleared = await owner.patch('/admin/settings', {
        phone: null,
        smsCountries: ['US', 'CA'],
        refundTiers: [
          { hoursBefore: 0, percent: 50 },
          { hoursBefore: 48, percent: 100 },
        ],
      });
      expect(cleared.body).toMatchObject({
        phone: null,
        smsCountries: ['US', 'CA'],
        refundTiers: [
          { hoursBefore: 48, percent: 100 },
          { hoursBefore: 0, percent: 50 },
        ],
      });
      const [{ id } = { id: '' }] = await app.sql<{ id: string }>('select id from business');
      expect(await auditOf(id)).toEqual(['settings.changed', 'settings.changed']);
    });

    it('are not overwritten unseen when the owner says which version they read', async () => {
      const { version } = (await owner.get('/admin/settings')).body;
      expect(
        (await owner.patch('/admin/settings', { maxReschedules: 5 }, { 'if-match': `"${version}"` })).status,
      ).toBe(200);
      const stale = await owner.patch(
        '/admin/settings',
        { maxReschedules: 6 },
        { 'if-match': `"${version}"` },
      );
      expect([stale.status, stale.body.code]).toEqual([412, 'version-mismatch']);
    });

    it.each([
      ['/quietTo', { quietFrom: '21:00', quietTo: '08:00' }],
      [
        '/refundTiers',
        {
          refundTiers: [
            { hoursBefore: 1, percent: 1 },
            { hoursBefore: 1, percent: 2 },
          ],
        },
      ],
      ['/timeZone', { timeZone: 'Mars/Olympus' }],
      ['/currency', { currency: 'XXQ' }],
      ['/smsCountries', { smsCountries: ['Atlantis'] }],
      ['/helpUrl', { helpUrl: 'javascript:alert(1)' }],
      ['/horizonDays', { horizonDays: 0 }],
      ['/secretDiscount', { secretDiscount: 100 }],
    ])('refuse nonsense in %s', async (pointer, change) => {
      const { status, body } = await owner.patch('/admin/settings', change);
      expect(status).toBe(422);
      expect(body).toMatchObject(problem('validation-failed', pointer));
    });

    it('keep their currency once something has a price in it', async () => {
      await aService(app);
      const refused = await owner.patch('/admin/settings', { currency: 'EUR' });
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    });

    it('are all listed with where they come from, and no secret is shown', async () => {
      const { body, text } = await owner.get('/admin/settings/effective');
      expect(body.settings).toEqual(
        expect.arrayContaining([
          { name: 'LOG_LEVEL', value: 'silent', origin: 'env' },
          { name: 'LAWREI_ROLE', value: 'all', origin: 'default' },
          { name: 'LAWREI_OWNER_PASSWORD', value: '•••', origin: 'env' },
          { name: 'ENCRYPTION_KEY', value: null, origin: 'default' },
          { name: 'timeZone', value: 'America/New_York', origin: 'db' },
        ]),
      );
      expect(text).not.toContain(app.config.owner?.password);
    });

    it('belong to the owner alone', async () => {
      for (const path of ['/admin/settings', '/admin/settings/effective']) {
        expect([(await manager.get(path)).status, (await app.as().get(path)).status]).toEqual([403, 401]);
      }
      expect((await manager.patch('/admin/settings', {})).status).toBe(403);
    });
  });

  describe('services', () => {
    it('are made with their staff and read back the same', async () => {
      const grace = await aStaffMember(app);
      const made = await aNewService({
        paymentPolicy: 'deposit',
        deposit: { percent: 30 },
        bufferAfterMinutes: 10,
        staffIds: [grace],
      });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        durationMinutes: 60,
        stepMinutes: 30,
        price: PRICE,
        paymentPolicy: 'deposit',
        deposit: { percent: 30, amount: null },
        bufferAfterMinutes: 10,
        staffIds: [grace],
        active: true,
      });
      const read = await manager.get(`/admin/services/${made.body.id}`);
      expect(read.body).toEqual(made.body);
      expect(read.headers['etag']).toBe(`"${made.body.version}"`);
      expect(await auditOf(made.body.id)).toEqual(['service.created']);
    });

    it('change only by somebody who read them last', async () => {
      const { id, version } = (await aNewService()).body;
      const unread = await manager.patch(`/admin/services/${id}`, { durationMinutes: 45 });
      expect([unread.status, unread.body.code]).toEqual([428, 'precondition-required']);
      const changed = await manager.patch(
        `/admin/services/${id}`,
        { durationMinutes: 45 },
        { 'if-match': `"${version}"` },
      );
      expect([changed.status, changed.body.durationMinutes]).toEqual([200, 45]);
      const stale = await manager.patch(
        `/admin/services/${id}`,
        { durationMinutes: 30 },
        { 'if-match': `"${version}"` },
      );
      expect([stale.status, stale.body.code]).toEqual([412, 'version-mismatch']);
      expect(await auditOf(id)).toEqual(['service.created', 'service.changed']);
    });

    it('are changed by one of two who change them at once', async () => {
      const { id, version } = (await aNewService()).body;
      const answers = await Promise.all(
        [30, 90].map((durationMinutes) =>
          manager.patch(`/admin/services/${id}`, { durationMinutes }, { 'if-match': `"${version}"` }),
        ),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
    });

    it('get a new ETag when only their staff change, and keep the terms of those who stay', async () => {
      const [grace, ada] = [await aStaffMember(app), await aStaffMember(app)];
      const { id, version } = (await aNewService({ staffIds: [grace] })).body;
      await manager.put(`/admin/staff/${grace}/services`, {
        services: [{ serviceId: id, durationMinutes: 45, priceAmount: 9900 }],
      });
      const now = (await manager.get(`/admin/services/${id}`)).body.version;
      expect(now).toBeGreaterThan(version);
      const changed = await manager.patch(
        `/admin/services/${id}`,
        { staffIds: [grace, ada] },
        { 'if-match': `"${now}"` },
      );
      expect(changed.body).toMatchObject({ staffIds: [grace, ada].sort() });
      expect(changed.body.version).toBeGreaterThan(now);
      expect((await manager.get(`/admin/staff/${grace}`)).body.services).toEqual([
        { serviceId: id, durationMinutes: 45, priceAmount: 9900 },
      ]);
    });

    it('have a name of their own, whatever the case, until they are deactivated', async () => {
      const { id, name, version } = (await aNewService()).body;
      const taken = await aNewService({ name: name.toUpperCase() });
      expect([taken.status, taken.body.code]).toEqual([409, 'conflict']);
      await manager.patch(`/admin/services/${id}`, { active: false }, { 'if-match': `"${version}"` });
      expect((await aNewService({ name })).status).toBe(201);
      const back = await manager.patch(
        `/admin/services/${id}`,
        { active: true },
        { 'if-match': `"${version + 1}"` },
      );
      expect([back.status, back.body.code]).toEqual([409, 'conflict']);
    });

    it('give up their deposit with the policy that asked for it', async () => {
      const { id, version } = (await aNewService({ paymentPolicy: 'deposit', deposit: { amount: 2000 } }))
        .body;
      const changed = await manager.patch(
        `/admin/services/${id}`,
        { paymentPolicy: 'full' },
        { 'if-match': `"${version}"` },
      );
      expect(changed.body).toMatchObject({ paymentPolicy: 'full', deposit: null });
    });

    it.each([
      ['/price/currency', { price: { amount: 1, currency: 'EUR' } }],
      ['/price/amount', { price: { amount: -1, currency: 'USD' } }],
      ['/staffIds/1', { staffIds: ['known', newId()] }],
      ['/deposit', { paymentPolicy: 'deposit' }],
      ['/deposit', { paymentPolicy: 'deposit', deposit: { percent: 10, amount: 10 } }],
      ['/deposit', { paymentPolicy: 'deposit', deposit: { amount: 8501 } }],
      ['/deposit', { deposit: { percent: 10 } }],
      ['/durationMinutes', { durationMinutes: 721 }],
      ['/name', { name: '\u0000' }],
    ])('refuse nonsense in %s', async (pointer, body) => {
      const known = await aStaffMember(app);
      const named =
        'staffIds' in body ? { staffIds: body.staffIds.map((id) => (id === 'known' ? known : id)) } : body;
      const refused = await aNewService(named);
      expect(refused.status).toBe(422);
      expect(refused.body).toMatchObject(problem('validation-failed', pointer));
    });

    it('are not found by an id that never was one', async () => {
      for (const id of [newId(), 'haircut'])
        expect((await manager.get(`/admin/services/${id}`)).status).toBe(404);
      expect((await manager.patch(`/admin/services/${newId()}`, {}, { 'if-match': '"1"' })).status).toBe(404);
    });

    it('are listed page by page, none twice and none left out', async () => {
      for (let made = 0; made < 3; made += 1) await aNewService();
      const seen: string[] = [];
      let path: string | null = '/admin/services?limit=2';
      while (path) {
        const { body } = await manager.get(path);
        seen.push(...body.data.map((row: { id: string }) => row.id));
        path = body.page.hasMore ? `/admin/services?limit=2&cursor=${body.page.nextCursor}` : null;
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(await app.sql('select count(*)::int as all from service')).toEqual([{ all: seen.length }]);
    });

    it('are managed by managers and owners alone', async () => {
      for (const path of ['/admin/services', '/admin/staff']) {
        expect([
          (await reception.get(path)).status,
          (await reception.post(path, {})).status,
          (await app.as().get(path)).status,
        ]).toEqual([403, 403, 401]);
        expect((await owner.get(path)).status).toBe(200);
      }
    });
  });

  describe('staff', () => {
    it('are taken on, changed and deactivated', async () => {
      const made = await manager.post('/admin/staff', {
        name: 'Grace Hopper',
        email: 'Grace@Lawrei.example',
        phone: '+1 500 555 0101',
      });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        name: 'Grace Hopper',
        email: 'grace@lawrei.example',
        phone: '+15005550101',
        active: true,
        services: [],
        version: 1,
      });
      const left = await manager.patch(
        `/admin/staff/${made.body.id}`,
        { active: false, phone: null },
        { 'if-match': '"1"' },
      );
      expect(left.body).toMatchObject({ name: 'Grace Hopper', phone: null, active: false, version: 2 });
      expect(
        (await manager.patch(`/admin/staff/${made.body.id}`, { active: true }, { 'if-match': '"1"' })).status,
      ).toBe(412);
      expect(await auditOf(made.body.id)).toEqual(['staff.created', 'staff.changed']);
    });

    it('offer what they are said to offer, and nothing else', async () => {
      const [grace, cut, colour] = [await aStaffMember(app), await aService(app), await aService(app)];
      const first = await manager.put(`/admin/staff/${grace}/services`, {
        services: [{ serviceId: cut }, { serviceId: colour, durationMinutes: 90 }],
      });
      expect(first.body.services).toEqual([
        { serviceId: cut, durationMinutes: null, priceAmount: null },
        { serviceId: colour, durationMinutes: 90, priceAmount: null },
      ]);
      const second = await manager.put(`/admin/staff/${grace}/services`, {
        services: [{ serviceId: colour, priceAmount: 100 }],
      });
      expect(second.body.services).toEqual([{ serviceId: colour, durationMinutes: null, priceAmount: 100 }]);
      expect(second.body.version).toBeGreaterThan(first.body.version);
      const same = await manager.put(`/admin/staff/${grace}/services`, {
        services: [{ serviceId: colour, priceAmount: 100 }],
      });
      expect(same.body.version).toBe(second.body.version);
      expect((await manager.put(`/admin/staff/${grace}/services`, { services: [] })).body.services).toEqual(
        [],
      );
    });

    it('cannot offer what does not exist, nor one thing twice', async () => {
      const [grace, cut] = [await aStaffMember(app), await aService(app)];
      const unknown = await manager.put(`/admin/staff/${grace}/services`, {
        services: [{ serviceId: cut }, { serviceId: newId() }],
      });
      expect([unknown.status, unknown.body]).toMatchObject([
        422,
        problem('validation-failed', '/services/1/serviceId'),
      ]);
      const twice = await manager.put(`/admin/staff/${grace}/services`, {
        services: [{ serviceId: cut }, { serviceId: cut }],
      });
      expect([twice.status, twice.body]).toMatchObject([
        422,
        problem('validation-failed', '/services/1/serviceId'),
      ]);
      expect((await manager.put(`/admin/staff/${newId()}/services`, { services: [] })).status).toBe(404);
    });

    it('move the revision of the catalogue with every change, so that no search shows what was', async () => {
      const revision = async () =>
        (await app.sql<{ revision: number }>('select catalog_revision::int as revision from business'))[0]
          ?.revision ?? 0;
      const grace = await aStaffMember(app);
      const before = await revision();
      await manager.patch(`/admin/staff/${grace}`, { name: 'Grace Brewster' });
      expect(await revision()).toBeGreaterThan(before);
    });
  });

  describe('what everybody may see', () => {
    it('is the services and people that can be booked, without anybody’s contact', async () => {
      const made = await manager.post('/admin/staff', {
        name: 'Public Grace',
        email: 'private@lawrei.example',
        phone: '+15005550199',
      });
      const gone = await aStaffMember(app, { active: false });
      const offered = await aService(app, { staffIds: [made.body.id, gone] });
      const hidden = (await aNewService()).body;
      await manager.patch(
        `/admin/services/${hidden.id}`,
        { active: false },
        { 'if-match': `"${hidden.version}"` },
      );
      const services = await app.as().get('/api/services?limit=100');
      expect(services.body.data).toContainEqual(
        expect.objectContaining({ id: offered, staffIds: [made.body.id] }),
      );
      expect(services.text).not.toContain(hidden.id);
      const staff = await app.as().get('/api/staff?limit=100');
      expect(staff.body.data).toContainEqual({
        id: made.body.id,
        name: 'Public Grace',
        serviceIds: [offered],
      });
      expect(staff.text).not.toContain(gone);
      expect(staff.text).not.toContain('private@lawrei.example');
      expect(staff.text).not.toContain('+15005550199');
      expect([
        (await app.as().get(`/api/services/${offered}`)).status,
        (await app.as().get(`/api/services/${hidden.id}`)).status,
      ]).toEqual([200, 404]);
    });

    it('is where to turn and when somebody is there', async () => {
      await owner.patch('/admin/settings', { phone: '+15005550111', email: 'Hello@Lawrei.example' });
      const { status, body } = await app.as().get('/api/support');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        name: 'Lawrei Beauty',
        phone: '+15005550111',
        email: 'hello@lawrei.example',
        timeZone: 'America/New_York',
      });
      expect(body.openingHours).toHaveLength(7);
      expect(body.openingHours[0]).toEqual({ weekday: 1, intervals: [{ from: '09:00', to: '18:00' }] });
      expect(body.openingHours[6]).toEqual({ weekday: 7, intervals: [] });
    });
  });

  describe('customers', () => {
    const aPerson = (body: object) => reception.post('/admin/customers', body);

    it('are written down at the reception and found again by name, e-mail or phone', async () => {
      const made = await aPerson({
        name: 'Ada Lovelace',
        phone: '+1 (500) 555-0142',
        email: 'Ada@Example.com',
        notes: 'Prefers mornings',
      });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({
        name: 'Ada Lovelace',
        phone: '+15005550142',
        email: 'ada@example.com',
        phoneVerified: false,
        emailVerified: false,
        locale: 'en-US',
        notes: 'Prefers mornings',
      });
      await aPerson({ name: 'Charles Babbage', email: 'charles@example.com' });
      for (const search of ['ada', 'LOVE', 'ada@ex', '555-0142', '%2B1500555']) {
        const { body } = await reception.get(`/admin/customers?search=${search}`);
        expect(body.data.map((row: { id: string }) => row.id)).toEqual([made.body.id]);
      }
      expect((await reception.get('/admin/customers?search=%25')).body.data).toEqual([]);
      expect((await reception.get(`/admin/customers/${made.body.id}`)).body).toEqual(made.body);
      expect(await auditOf(made.body.id)).toEqual(['customer.created']);
    });

    it('with the same contact stay two, because nobody proved it', async () => {
      const twins = [
        await aPerson({ name: 'One', phone: '+15005550150' }),
        await aPerson({ name: 'Two', phone: '+15005550150' }),
      ];
      expect(new Set(twins.map((answer) => answer.body.id)).size).toBe(2);
    });

    it('lose the proof of a contact that is changed for them', async () => {
      const { id, version } = (
        await aPerson({ name: 'Eve', phone: '+15005550160', email: 'eve@example.com' })
      ).body;
      await app.sql(
        'update customer set phone_verified_at = now(), email_verified_at = now() where id = $1',
        [id],
      );
      const changed = await reception.patch(`/admin/customers/${id}`, {
        phone: '+15005550161',
        name: 'Eve Adams',
        timeZone: 'Europe/Berlin',
        locale: 'de-DE',
        notes: null,
      });
      expect(changed.body).toMatchObject({
        phoneVerified: false,
        emailVerified: true,
        phone: '+15005550161',
        name: 'Eve Adams',
        timeZone: 'Europe/Berlin',
        locale: 'de-DE',
      });
      const again = await reception.patch(
        `/admin/customers/${id}`,
        { email: null },
        { 'if-match': `"${version + 1}"` },
      );
      expect(again.body).toMatchObject({ email: null, emailVerified: false });
      expect(
        (await reception.patch(`/admin/customers/${id}`, { name: 'X' }, { 'if-match': `"${version}"` }))
          .status,
      ).toBe(412);
    });

    it('who were erased are neither listed nor changed', async () => {
      const { id } = (await aPerson({ name: 'Erased Person' })).body;
      await app.sql('update customer set erased_at = now() where id = $1', [id]);
      expect((await reception.get('/admin/customers?search=Erased')).body.data).toEqual([]);
      expect((await reception.patch(`/admin/customers/${id}`, { name: 'Back' })).status).toBe(404);
    });

    it('are refused without a name or with a contact that cannot be one', async () => {
      const { status, body } = await aPerson({ phone: '12', email: 'nobody' });
      expect(status).toBe(422);
      expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(
        expect.arrayContaining(['/name', '/phone', '/email']),
      );
      expect((await reception.get(`/admin/customers/${newId()}`)).status).toBe(404);
    });

    it('are seen by the reception and above, and by nobody else', async () => {
      const staff = app.as((await aStaffAccount(app, { role: 'staff' })).token);
      expect([
        (await staff.get('/admin/customers')).status,
        (await app.as().get('/admin/customers')).status,
      ]).toEqual([403, 401]);
      expect((await manager.get('/admin/customers')).status).toBe(200);
    });

    it('keep every decision about consent, and the newest counts', async () => {
      const { id } = (await aPerson({ name: 'Consenting', phone: '+15005550170' })).body;
      const consents = app.get(ConsentService);
      const inTransaction = <T>(actor: Actor, work: Parameters<Database['transact']>[1]) =>
        app.get(Database).transact(actor, work) as Promise<T>;
      await inTransaction(WORKER, async (em) => consents.record(em, WORKER, id, decisionsAtBooking(true)));
      await inTransaction(WORKER, async (em) =>
        consents.record(em, WORKER, id, [
          { purpose: 'reminder_sms', granted: false, source: 'portal', textVersion: 'reminder-sms-1' },
        ]),
      );
      expect(await inTransaction(WORKER, (em) => consents.latest(em, id))).toEqual({
        transactional_sms: true,
        reminder_sms: false,
      });
      expect(await inTransaction(PUBLIC, (em) => consents.latest(em, id))).toEqual({});
      expect(await app.sql('select count(*)::int as rows from consent where customer_id = $1', [id])).toEqual(
        [{ rows: 3 }],
      );
    });

    it('who said STOP stay opted out until they say START, and their number is not kept', async () => {
      const [optOuts, database, number] = [app.get(OptOutService), app.get(Database), '+15005550180'];
      const isOut = () => database.transact(WORKER, (em) => optOuts.isOptedOut(em, 'sms', number));
      expect(await isOut()).toBe(false);
      expect(await database.transact(WORKER, (em) => optOuts.optOut(em, 'sms', number, 'sms'))).toBe(true);
      expect(await database.transact(WORKER, (em) => optOuts.optOut(em, 'sms', number, 'sms'))).toBe(false);
      expect([
        await isOut(),
        await database.transact(WORKER, (em) => optOuts.isOptedOut(em, 'email', number)),
      ]).toEqual([true, false]);
      expect(await database.transact(WORKER, (em) => optOuts.lift(em, 'sms', number))).toBe(true);
      expect(await database.transact(WORKER, (em) => optOuts.lift(em, 'sms', number))).toBe(false);
      expect(await isOut()).toBe(false);
      expect(await database.transact(WORKER, (em) => optOuts.optOut(em, 'sms', number, 'sms'))).toBe(true);
      expect(await isOut()).toBe(true);
      expect(JSON.stringify(await app.sql('select * from opt_out'))).not.toContain('5550180');
    });
  });
});
