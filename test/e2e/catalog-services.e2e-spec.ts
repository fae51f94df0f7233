import { newId } from '../../src/common/ids.js';
import { auditActionsOf } from '../support/audit-trail.js';
import { aService, aStaffAccount, aStaffMember, theOwner } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';

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

  const auditOf = (subjectId: string) => auditActionsOf(app, subjectId);
  const aNewService = (body: object = {}) =>
    manager.post('/admin/services', { name: `Cut ${newId()}`, durationMinutes: 60, price: PRICE, ...body });
  const problem = (code: string, pointer?: string) => ({
    code,
    ...(pointer ? { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) } : {}),
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
});
