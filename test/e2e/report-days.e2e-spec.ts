import { jest } from '@jest/globals';
import { ReportDays } from '../../src/analytics/report-days.service.js';
import { RecurringWork } from '../../src/outbox/recurring-work.service.js';
import { aStaffAccount } from '../support/factories.js';
import { RawRows, type Question } from '../support/naive/rows.js';
import { DAY, MINUTE, YEAR } from '../support/random-rows.js';
import { RandomYear } from '../support/random-year.js';
import { Random } from '../support/random.js';
import { askReport, compareReports } from '../support/report-comparison.js';
import { TestApp, type Caller } from '../support/test-app.js';

const WINTER: Question = { from: '2029-10-15', to: '2030-01-31', granularity: 'month' };
const LATELY: Question = { from: '2030-02-25', to: '2030-03-25', granularity: 'week' };
const DAY_OF_VISIT = `(starts_at at time zone 'America/New_York')::date`;

describe('the sums of days that are over', () => {
  let app: TestApp;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs(new Date(YEAR.now).toISOString());
    await new RandomYear(app, new Random(12)).write(800);
    // Two workers at once.
    await Promise.all([app.get(ReportDays).keep(), app.get(ReportDays).keep()]);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  }, 60_000);
  afterAll(() => app.stop());

  const kept = async () =>
    app.sql(`select min(day)::text as first, max(day)::text as last, count(*)::int as days from report_day`);
  const missed = async (day: string) => {
    const { noShow } = await askReport(manager, 'kpis', { from: day, to: day, granularity: 'day' });
    return noShow.rate;
  };
  const lastDayWithVisits = async (until: string) => {
    const [row] = await app.sql(
      `select max(${DAY_OF_VISIT})::text as day from booking where status = 'completed' and ${DAY_OF_VISIT} <= '${until}'`,
    );
    return String(row?.['day']);
  };
  /** What all reports tell, and what the raw rows give. */
  const toldAndRaw = async (question: Question) => {
    const compared = await compareReports(manager, await RawRows.of(app, YEAR.now), question);
    return [
      compared.map(({ report, told }) => ({ report, told })),
      compared.map(({ report, raw }) => ({ report, told: raw })),
    ];
  };

  it('are kept of four years up to the day before the day before yesterday', async () => {
    expect(await kept()).toEqual([{ first: '2026-03-09', last: '2030-03-09', days: 1_462 }]);
  });

  it.each([WINTER, LATELY])('add up to what the raw rows give, from $from to $to', async (question) => {
    const [told, raw] = await toldAndRaw(question);
    expect(told).toEqual(raw);
  });

  it('are what a report is made of, except the last three days and days to come', async () => {
    await app.sql(
      `update report_day set figures = figures || '{"completed": 9000}' where day = '2030-03-09'`,
    );
    const { completionRate } = await askReport(manager, 'kpis', { ...LATELY, from: '2030-03-09' });
    expect(completionRate).toBeGreaterThan(0.99);
    await app.sql(`update report_day set kept_at = kept_at - interval '1 hour' where day = '2030-03-09'`);
    await app.get(ReportDays).keep();
    const [told, raw] = await toldAndRaw({ ...LATELY, from: '2030-03-09' });
    expect(told).toEqual(raw);
  });

  it('are not used of another zone, and counted again for this one', async () => {
    await app.sql(
      `update report_day set figures = '{"completed": 9000}', time_zone = 'Asia/Tokyo' where day in ('2029-12-01', '2029-12-20')`,
    );
    const [unkept, raw] = await toldAndRaw(WINTER);
    expect(unkept).toEqual(raw);
    await app.get(ReportDays).keep();
    expect(await app.sql(`select time_zone from report_day group by 1`)).toEqual([
      { time_zone: 'America/New_York' },
    ]);
    const [told] = await toldAndRaw(WINTER);
    expect(told).toEqual(raw);
  });

  it('tell of a correction to a late day within the hour, to an older one within a day', async () => {
    const late = await lastDayWithVisits('2030-03-05');
    const old = await lastDayWithVisits('2029-12-05');
    const before = [await missed(late), await missed(old)];
    await app.sql(
      `update booking set status = 'no_show' where status = 'completed' and ${DAY_OF_VISIT} in ('${late}', '${old}')`,
    );
    const toldAfter = async (passed: number) => {
      await app.timeIs(new Date(YEAR.now + passed).toISOString());
      await app.get(ReportDays).keep();
      return [await missed(late), await missed(old)];
    };
    expect(before).not.toContain(1);
    expect(await toldAfter(59 * MINUTE)).toEqual(before);
    expect(await toldAfter(61 * MINUTE)).toEqual([1, before[1]]);
    expect(await toldAfter(DAY + MINUTE)).toEqual([1, 1]);
  });

  it('are kept by regular work, but not each time a clock is moved', async () => {
    await app.sql('delete from report_day');
    await app.get(RecurringWork).runAll();
    expect(await kept()).toMatchObject([{ days: 0 }]);
    const later = performance.now() + 10 * MINUTE;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => later);
    await app.get(RecurringWork).runAll();
    clock.mockRestore();
    expect(await kept()).toMatchObject([{ days: 1_462 }]);
  });

  it('follow a clock that goes back, and are forgotten when four years have passed', async () => {
    await app.timeIs('2031-06-01T12:00:00-04:00');
    await app.get(ReportDays).keep();
    expect(await kept()).toEqual([{ first: '2027-05-29', last: '2031-05-29', days: 1_462 }]);
    await app.timeIs(new Date(YEAR.now).toISOString());
    await app.sql(`update report_day set figures = '{"completed": 9000}' where day >= '2030-03-10'`);
    const [told, raw] = await toldAndRaw(LATELY);
    expect(told).toEqual(raw);
  });
});
