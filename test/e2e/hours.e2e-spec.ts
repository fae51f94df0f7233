import { newId } from '../../src/common/ids.js';
import { aStaffAccount, aStaffMember, theirHours, theOwner } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';

const day = (weekday: number, ...intervals: string[]) => ({
  weekday,
  intervals: intervals.map((text) => ({ from: text.slice(0, 5), to: text.slice(6) })),
});
const MON_TO_FRI = [1, 2, 3, 4, 5].map((weekday) => day(weekday, '09:00-18:00'));

describe('working hours', () => {
  let app: TestApp;
  let manager: Caller;
  let reception: Caller;
  let grace: { id: string; caller: Caller };
  beforeAll(async () => {
    app = await TestApp.start();
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    const id = await aStaffMember(app);
    grace = { id, caller: app.as((await aStaffAccount(app, { role: 'staff', resourceId: id })).token) };
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs('2030-03-01T12:00:00Z'));

  const pointersOf = (body: { errors: { pointer: string }[] }) => body.errors.map((error) => error.pointer);
  const revision = async () =>
    (await app.sql<{ revision: number }>('select catalog_revision::int as revision from business'))[0]
      ?.revision;

  describe('of the salon', () => {
    it('begin with those of the configuration', async () => {
      expect((await manager.get('/admin/business-hours')).body).toEqual({
        week: [...MON_TO_FRI, day(6), day(7)],
      });
    });

    it('become what the manager says, lunch break, late evening and all', async () => {
      const before = await revision();
      const week = [day(5, '18:00-02:00', '09:00-12:00'), day(6, '10:00-24:00')];
      const said = await manager.put('/admin/business-hours', { week });
      expect(said.status).toBe(200);
      expect(said.body.week).toEqual([
        day(1),
        day(2),
        day(3),
        day(4),
        day(5, '09:00-12:00', '18:00-02:00'),
        day(6, '10:00-24:00'),
        day(7),
      ]);
      expect((await manager.get('/admin/business-hours')).body).toEqual(said.body);
      expect(await revision()).toBeGreaterThan(Number(before));
      await theirHours(app, null, [1, 2, 3, 4, 5], '09:00', '18:00');
    });

    it.each([
      ['overlap', '/week/0/intervals/1', { week: [day(1, '09:00-12:00', '11:59-13:00')] }],
      [
        'reach into the next day’s',
        '/week/1/intervals/0',
        { week: [day(1, '20:00-03:00'), day(2, '02:59-05:00')] },
      ],
      ['name a day twice', '/week/1/weekday', { week: [day(1, '09:00-10:00'), day(1, '11:00-12:00')] }],
      ['begin at a time that is none', '/week/0/intervals/0/from', { week: [day(1, '24:00-10:00')] }],
      ['end at a time that is none', '/week/0/intervals/0/to', { week: [day(1, '09:00-24:01')] }],
      ['are of an eighth day', '/week/0/weekday', { week: [day(8, '09:00-10:00')] }],
      ['are missing', '/week', {}],
      ['are no list', '/week', { week: 'always' }],
    ])('are refused when they %s', async (_, pointer, body) => {
      const refused = await manager.put('/admin/business-hours', body);
      expect(refused.status).toBe(422);
      expect(pointersOf(refused.body)).toContain(pointer);
      expect((await manager.get('/admin/business-hours')).body.week[0]).toEqual(day(1, '09:00-18:00'));
    });

    it('survive two managers who change them at once: one of the two weeks stands, whole', async () => {
      const weeks = [
        [day(1, '08:00-09:00'), day(2, '08:00-09:00')],
        [day(1, '08:30-09:30'), day(2, '08:30-09:30')],
      ];
      const answers = await Promise.all(
        [...weeks, ...weeks].map((week) => manager.put('/admin/business-hours', { week })),
      );
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
      const stands = (await manager.get('/admin/business-hours')).body.week.slice(0, 2);
      expect(weeks).toContainEqual(stands);
      await theirHours(app, null, [1, 2, 3, 4, 5], '09:00', '18:00');
    });

    it('may differ on single dates, which are listed from today on', async () => {
      const closed = await manager.put('/admin/business-hours/exceptions', {
        date: '2030-07-04',
        intervals: [],
        reason: 'Independence Day',
      });
      expect(closed.body).toEqual({ date: '2030-07-04', intervals: [], reason: 'Independence Day' });
      await manager.put('/admin/business-hours/exceptions', {
        date: '2030-12-24',
        intervals: [
          { from: '13:00', to: '14:00' },
          { from: '09:00', to: '12:00' },
        ],
      });
      await manager.put('/admin/business-hours/exceptions', { date: '2030-02-28', intervals: [] });
      const first = (await manager.get('/admin/business-hours/exceptions?limit=1')).body;
      expect(first).toMatchObject({ data: [{ date: '2030-07-04' }], page: { hasMore: true } });
      const rest = (await manager.get(`/admin/business-hours/exceptions?cursor=${first.page.nextCursor}`))
        .body;
      expect(rest).toMatchObject({
        data: [
          {
            date: '2030-12-24',
            intervals: [
              { from: '09:00', to: '12:00' },
              { from: '13:00', to: '14:00' },
            ],
          },
        ],
        page: { hasMore: false },
      });
      const past = (await manager.get('/admin/business-hours/exceptions?from=2030-01-01&to=2030-07-03')).body;
      expect(past.data.map((row: { date: string }) => row.date)).toEqual(['2030-02-28']);
      expect((await app.as().get('/api/support')).body.exceptions).toEqual([closed.body, rest.data[0]]);
    });

    it('say one thing about a date, and may take it back', async () => {
      const path = '/admin/business-hours/exceptions';
      await manager.put(path, { date: '2030-09-02', intervals: [] });
      const again = await manager.put(path, {
        date: '2030-09-02',
        intervals: [{ from: '10:00', to: '11:00' }],
      });
      expect(again.body).toEqual({
        date: '2030-09-02',
        intervals: [{ from: '10:00', to: '11:00' }],
        reason: null,
      });
      expect((await manager.delete(`${path}/2030-09-02`)).status).toBe(204);
      expect((await manager.delete(`${path}/2030-09-02`)).status).toBe(404);
      expect((await manager.delete(`${path}/2030-02-30`)).status).toBe(404);
    });

    it('refuse dates that do not exist and times that overlap', async () => {
      const path = '/admin/business-hours/exceptions';
      expect(pointersOf((await manager.put(path, { date: '2030-02-30', intervals: [] })).body)).toEqual([
        '/date',
      ]);
      const overlapping = await manager.put(path, {
        date: '2030-05-01',
        intervals: [
          { from: '09:00', to: '12:00' },
          { from: '11:00', to: '13:00' },
        ],
      });
      expect(pointersOf(overlapping.body)).toEqual(['/intervals/1']);
    });
  });

  it('are not listed from a page that was made up', async () => {
    const cursor = Buffer.from(`+275760-09-13T00:00:00.000Z|${newId()}`).toString('base64url');
    const paths = [
      '/admin/business-hours/exceptions',
      `/admin/staff/${grace.id}/time-off`,
      '/admin/services',
      '/api/staff',
    ];
    const answers = await Promise.all(paths.map((path) => manager.get(`${path}?cursor=${cursor}`)));
    expect(answers.map((answer) => answer.status)).toEqual([422, 422, 422, 422]);
  });

  describe('who may change them', () => {
    const body = { start: '2031-03-04T09:00:00-05:00', end: '2031-03-04T10:00:00-05:00' };

    it('are, for the salon, managers and owners', async () => {
      const owner = app.as(await theOwner(app));
      for (const path of ['/admin/business-hours', '/admin/business-hours/exceptions']) {
        const answers = await Promise.all(
          [app.as(), grace.caller, reception, manager, owner].map((caller) => caller.get(path)),
        );
        expect(answers.map((answer) => answer.status)).toEqual([401, 403, 403, 200, 200]);
      }
      const writes = await Promise.all(
        [app.as(), grace.caller, reception].map((caller) =>
          caller.put('/admin/business-hours', { week: [] }),
        ),
      );
      expect(writes.map((answer) => answer.status)).toEqual([401, 403, 403]);
    });

    it('are, for a person, that person and managers', async () => {
      const other = await aStaffMember(app);
      const matrix = async (caller: Caller, id: string) => [
        (await caller.get(`/admin/staff/${id}/hours`)).status,
        (await caller.put(`/admin/staff/${id}/hours`, { week: [] })).status,
        (await caller.get(`/admin/staff/${id}/exceptions`)).status,
        (await caller.put(`/admin/staff/${id}/exceptions`, { date: '2031-01-01', intervals: [] })).status,
        (await caller.delete(`/admin/staff/${id}/exceptions/2031-01-01`)).status,
        (await caller.get(`/admin/staff/${id}/time-off`)).status,
        (await caller.post(`/admin/staff/${id}/time-off`, body)).status,
      ];
      expect(await matrix(grace.caller, grace.id)).toEqual([200, 200, 200, 200, 204, 200, 201]);
      expect(await matrix(manager, other)).toEqual([200, 200, 200, 200, 204, 200, 201]);
      expect(await matrix(grace.caller, other)).toEqual(Array(7).fill(403));
      expect(await matrix(reception, other)).toEqual(Array(7).fill(403));
      expect(await matrix(app.as(), other)).toEqual(Array(7).fill(401));
      expect((await grace.caller.delete(`/admin/staff/${other}/time-off/${newId()}`)).status).toBe(403);
    });
  });
});
