import { Database } from '../../src/database/database.service.js';
import { PUBLIC, WORKER, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { ConsentService } from '../../src/customers/consent.service.js';
import { decisionsAtBooking } from '../../src/customers/consent.types.js';
import { OptOutService } from '../../src/customers/opt-out.service.js';
import { auditActionsOf } from '../support/audit-trail.js';
import { aService, aStaffAccount, aStaffMember } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';

describe('running the salon', () => {
  let app: TestApp;
  let manager: Caller;
  let reception: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
  });
  afterAll(() => app.stop());

  const auditOf = (subjectId: string) => auditActionsOf(app, subjectId);
  const problem = (code: string, pointer?: string) => ({
    code,
    ...(pointer ? { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) } : {}),
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
      const { id } = (await aPerson({ name: 'Erased' })).body;
      await app.sql(
        `update customer set name = 'Erased', phone = null, email = null, notes = null, time_zone = null, erased_at = now() where id = $1`,
        [id],
      );
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
