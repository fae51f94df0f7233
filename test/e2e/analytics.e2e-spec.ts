import { aStaffAccount } from '../support/factories.js';
import { RawRows, type Question } from '../support/naive/rows.js';
import { YEAR } from '../support/random-rows.js';
import { RandomYear } from '../support/random-year.js';
import { Random } from '../support/random.js';
import { compareReports } from '../support/report-comparison.js';
import { TestApp, type Caller } from '../support/test-app.js';

const WINTER: Question = { from: '2029-10-15', to: '2030-01-31', granularity: 'month' };

describe('the numbers of the business', () => {
  let app: TestApp;
  let manager: Caller;
  let rows: RawRows;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs(new Date(YEAR.now).toISOString());
    await new RandomYear(app, new Random(11)).write(800);
    rows = await RawRows.of(app, YEAR.now);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  }, 60_000);
  afterAll(() => app.stop());

  it.each<Question>([
    WINTER,
    { from: '2029-11-01', to: '2029-11-20', granularity: 'day' },
    { from: '2030-02-25', to: '2030-03-25', granularity: 'week' },
    { from: '2029-03-11', to: '2029-03-11', granularity: 'day' },
  ])('are those that the raw rows give, from $from to $to by $granularity', async (question) => {
    for (const { report, told, raw } of await compareReports(manager, rows, question))
      expect({ report, told }).toEqual({ report, told: raw });
  });

  it('are of one person or one service where that is asked for', async () => {
    const [booking] = rows.bookings;
    const question = { ...WINTER, staffId: booking?.resource_id, serviceId: booking?.service_id };
    for (const { report, told, raw } of await compareReports(manager, rows, question))
      expect({ report, told }).toEqual({ report, told: raw });
  });

  it('are of the last thirty days when nothing is asked for, and of nothing yet where nothing was', async () => {
    const usual = await manager.get('/admin/analytics/satisfaction');
    expect(usual.body).toMatchObject({
      ...{ from: '2030-02-11', to: '2030-03-12', timeZone: 'America/New_York', currency: 'USD' },
      at: expect.stringMatching(/^2030-03-12T16:0/),
    });
    const empty = { total: { completed: 0, completionRate: null, noShowRate: null }, periods: [], staff: [] };
    const before = await manager.get('/admin/analytics/satisfaction?from=2020-01-01&to=2020-01-31');
    expect(before.body).toMatchObject(empty);
  });

  it('come as a table for spreadsheets, in which no cell is a formula', async () => {
    await app.sql(`update service set name = '=1+1' where name = 'Service 0'`);
    const csv = { accept: 'text/csv' };
    const answer = await manager.get('/admin/analytics/services?from=2029-03-01&to=2030-02-28', csv);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="services_2029-03-01_2030-02-28.csv"',
      vary: expect.stringContaining('accept'),
    });
    const [head, ...lines] = answer.text.trim().split('\r\n');
    expect(head).toBe(
      'serviceId,name,bookings,minutes,cancellations,noShows,bookingsBefore,revenue,share,noShowRate,trend',
    );
    const json = await manager.get('/admin/analytics/services?from=2029-03-01&to=2030-02-28');
    expect(lines).toHaveLength(json.body.services.length);
    expect(answer.text).toContain(`,"'=1+1",`.replaceAll('"', ''));
  });

  it('refuse days that lie the wrong way round, too many of them, and what is no day', async () => {
    const refused = async (query: string) => {
      const { status, body } = await manager.get(`/admin/analytics/revenue?${query}`);
      return [status, body.code, body.errors?.[0]?.pointer];
    };
    expect(await refused('from=2030-03-02&to=2030-03-01')).toEqual([422, 'validation-failed', '/to']);
    expect(await refused('from=2028-03-01&to=2030-03-03')).toEqual([422, 'validation-failed', '/to']);
    expect(await refused('from=2030-02-30')).toEqual([422, 'validation-failed', '/from']);
    expect(await refused('granularity=hour')).toEqual([422, 'validation-failed', '/granularity']);
  });
});
