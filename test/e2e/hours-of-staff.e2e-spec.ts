import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { WORKER } from '../../src/common/actor.js';
import { lockResourcesExclusively, lockToCreate } from '../../src/scheduling/resource-locks.js';
import { auditActionsOf } from '../support/audit-trail.js';
import { aService, aStaffAccount, aStaffMember } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';

const day = (weekday: number, ...intervals: string[]) => ({
  weekday,
  intervals: intervals.map((text) => ({ from: text.slice(0, 5), to: text.slice(6) })),
});

describe('working hours', () => {
  let app: TestApp;
  let manager: Caller;
  let grace: { id: string; caller: Caller };
  beforeAll(async () => {
    app = await TestApp.start();
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    const id = await aStaffMember(app);
    grace = { id, caller: app.as((await aStaffAccount(app, { role: 'staff', resourceId: id })).token) };
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs('2030-03-01T12:00:00Z'));

  const pointersOf = (body: { errors: { pointer: string }[] }) => body.errors.map((error) => error.pointer);
  const actionsOf = (id: string) => auditActionsOf(app, id);

  describe('of a person', () => {
    it('are the salon’s until they have their own, and again after', async () => {
      const path = `/admin/staff/${grace.id}/hours`;
      expect((await manager.get(path)).body).toEqual({ week: [] });
      const own = await manager.put(path, { week: [day(2, '12:00-20:00')] });
      expect(own.body.week[1]).toEqual(day(2, '12:00-20:00'));
      expect(own.body.week).toHaveLength(7);
      expect((await manager.put(path, { week: [] })).body).toEqual({ week: [] });
      expect((await actionsOf(grace.id)).slice(-2)).toEqual(['hours.week-changed', 'hours.week-changed']);
      expect((await manager.get('/admin/business-hours')).body.week[0]).toEqual(day(1, '09:00-18:00'));
    });

    it('may differ on single dates, apart from the salon’s', async () => {
      const path = `/admin/staff/${grace.id}/exceptions`;
      await manager.put(path, { date: '2030-07-04', intervals: [{ from: '10:00', to: '11:00' }] });
      expect((await manager.get(path)).body.data).toEqual([
        { date: '2030-07-04', intervals: [{ from: '10:00', to: '11:00' }], reason: null },
      ]);
      expect((await manager.delete(`${path}/2030-07-04`)).status).toBe(204);
      expect((await manager.get(path)).body.data).toEqual([]);
    });

    it('belong to nobody who does not work here', async () => {
      const nobody = `/admin/staff/${newId()}`;
      const answers = await Promise.all([
        manager.get(`${nobody}/hours`),
        manager.put(`${nobody}/hours`, { week: [] }),
        manager.get(`${nobody}/exceptions`),
        manager.get(`${nobody}/time-off`),
        manager.post(`${nobody}/time-off`, {
          start: '2030-03-04T09:00:00-05:00',
          end: '2030-03-04T10:00:00-05:00',
        }),
        manager.get('/admin/staff/grace/hours'),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404, 404]);
    });
  });

  describe('time off', () => {
    const WEEK_OFF = {
      start: '2030-03-04T00:00:00-05:00',
      end: '2030-03-09T00:00:00-05:00',
      reason: 'Skiing',
    };
    const path = () => `/admin/staff/${grace.id}/time-off`;

    it('is kept, listed while it is not over, and taken back', async () => {
      const given = await manager.post(path(), WEEK_OFF);
      expect(given.status).toBe(201);
      expect(given.body).toEqual({ id: given.body.id, staffId: grace.id, ...WEEK_OFF, overlapsBookings: [] });
      const { overlapsBookings: _, ...listed } = given.body;
      expect((await manager.get(path())).body.data).toEqual([listed]);
      await app.timeIs('2030-03-09T05:00:00Z');
      expect((await manager.get(path())).body.data).toEqual([]);
      expect((await manager.get(`${path()}?from=2030-03-01T00:00:00Z`)).body.data).toEqual([listed]);
      expect((await manager.delete(`${path()}/${given.body.id}`)).status).toBe(204);
      expect((await manager.delete(`${path()}/${given.body.id}`)).status).toBe(404);
      expect((await actionsOf(grace.id)).slice(-2)).toEqual(['time-off.added', 'time-off.removed']);
    });

    it('may lie over bookings, which it names and which stand', async () => {
      const serviceId = await aService(app, { staffIds: [grace.id] });
      const book = async (start: string) => {
        const customer = { name: 'Ada Lovelace', phone: '+15005550100', email: 'ada@example.com' };
        const booked = await app
          .as()
          .post('/api/bookings', { serviceId, staffId: grace.id, start, customer });
        expect(booked.status).toBe(201);
        return booked.body.id;
      };
      const standing = await book('2030-04-01T10:00:00-04:00');
      await book('2030-04-01T12:00:00-04:00');
      const given = await manager.post(path(), {
        start: '2030-04-01T10:30:00-04:00',
        end: '2030-04-01T12:00:00-04:00',
      });
      expect(given.body.overlapsBookings).toEqual([standing]);
      expect(await app.sql('select status from booking where id = $1', [standing])).toEqual([
        { status: 'confirmed' },
      ]);
    });

    it('of somebody else cannot be taken back as one’s own', async () => {
      const ada = await aStaffMember(app);
      const { id } = (await manager.post(`/admin/staff/${ada}/time-off`, WEEK_OFF)).body;
      expect((await grace.caller.delete(`${path()}/${id}`)).status).toBe(404);
    });

    it.each([
      ['/end', { start: WEEK_OFF.start, end: WEEK_OFF.start }],
      ['/end', { start: '2030-01-01T00:00:00Z', end: '2031-01-02T00:01:00Z' }],
      ['/start', { start: '2030-03-04T00:00:01-05:00', end: WEEK_OFF.end }],
      ['/end', { start: WEEK_OFF.start, end: '2030-03-09T00:00:00.500-05:00' }],
      ['/start', { start: '2030-03-04', end: WEEK_OFF.end }],
      ['/end', { start: WEEK_OFF.start }],
    ])('is refused for nonsense in %s', async (pointer, body) => {
      const refused = await manager.post(path(), body);
      expect(refused.status).toBe(422);
      expect(pointersOf(refused.body)).toContain(pointer);
    });
  });

  describe('a change of somebody’s time', () => {
    it('waits for bookings that are being made, and bookings for it', async () => {
      const database = app.get(Database);
      const order: string[] = [];
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      let locked = () => {};
      const isLocked = new Promise<void>((resolve) => (locked = resolve));
      const booking = database.transact(WORKER, async (em) => {
        await lockToCreate(em, [], [grace.id]);
        locked();
        await held;
        order.push('booked');
      });
      await isLocked;
      const beside = database.transact(WORKER, async (em) => {
        await lockToCreate(em, [], [grace.id.toUpperCase(), grace.id]);
        order.push('booked beside');
      });
      await beside;
      const change = database.transact(WORKER, async (em) => {
        await lockResourcesExclusively(em, [newId(), grace.id]);
        order.push('changed');
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      release();
      await Promise.all([booking, change]);
      expect(order).toEqual(['booked beside', 'booked', 'changed']);
    });
  });
});
