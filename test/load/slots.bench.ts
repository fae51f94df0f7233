import { inTurn, type Ground, type Put } from './ground.js';
import type { Figures, LoadRequest } from './measure.js';
import type { Report } from './report.js';
import { addHistory } from './seed.js';

const MONTH = 31;
const GROWN_TO = 1_000_000;
const BATCH = 100_000;

const get = (path: string, headers?: Record<string, string>): LoadRequest => ({
  method: 'GET',
  path,
  ...(headers ? { headers } : {}),
});

/** Every day of a month for every person in turn. */
function dayRequests({ salon }: Ground): LoadRequest[] {
  return salon.staffIds.flatMap((staffId) =>
    salon.dates
      .slice(0, MONTH)
      .map((date) =>
        get(`/api/slots?serviceId=${salon.serviceId}&staffId=${staffId}&from=${date}&to=${date}`),
      ),
  );
}

function monthRequest({ salon }: Ground, headers?: Record<string, string>): LoadRequest[] {
  return [
    get(
      `/api/slots?serviceId=${salon.serviceId}&from=${salon.dates[0]}&to=${salon.dates[MONTH - 1]}`,
      headers,
    ),
  ];
}

const lawrei = (connections: number, requests: readonly LoadRequest[]): Put => ({
  on: 'lawrei',
  connections,
  requests,
  status: 200,
});

/** Free slots of a day and of a month, beside reading one row. */
export async function benchSlots(ground: Ground, report: Report): Promise<void> {
  const row = [get(`/one-row?id=${ground.salon.serviceId}`)];
  const day = dayRequests(ground);
  const base = (connections: number): Put => ({ on: 'baseline', connections, requests: row, status: 200 });
  const f = await inTurn(ground, {
    base32: base(32),
    day32: lawrei(32, day),
    base8: base(8),
    day8: lawrei(8, day),
    base1: base(1),
    day1: lawrei(1, day),
    month1: lawrei(1, monthRequest(ground)),
    month8: lawrei(8, monthRequest(ground)),
    zipped1: lawrei(1, monthRequest(ground, { 'accept-encoding': 'gzip' })),
  });
  for (const connections of [1, 8, 32] as const) {
    report.figures.push({ what: 'baseline: one row', connections, figures: f[`base${connections}`] });
    report.figures.push({
      what: '`GET /api/slots`, one day, one person',
      connections,
      figures: f[`day${connections}`],
    });
  }
  report.figures.push({ what: '`GET /api/slots`, 31 days, five people', connections: 1, figures: f.month1 });
  report.figures.push({ what: '`GET /api/slots`, 31 days, five people', connections: 8, figures: f.month8 });
  report.figures.push({ what: 'the same, compressed', connections: 1, figures: f.zipped1 });
  report.goals.push(dayGoal(f.day32, f.base32), ...monthGoals(f.month1));
}

function dayGoal(day: Figures, base: Figures): Report['goals'][number] {
  const what = '`GET /api/slots`, one day, one person, 32 connections';
  const measured = `${day.perSecond.toFixed(0)} of ${base.perSecond.toFixed(0)} req/s reading one row`;
  // Fast enough in itself, whatever the row costs.
  if (day.perSecond >= 2_000 && day.perSecond < 0.25 * base.perSecond) {
    return {
      what,
      measured,
      value: day.perSecond,
      unit: 'req/s',
      must: 2_000,
      aim: 0.45 * base.perSecond,
      better: 'more',
    };
  }
  return {
    what,
    measured,
    value: day.perSecond / base.perSecond,
    unit: '×',
    must: 0.25,
    aim: 0.45,
    better: 'more',
  };
}

function monthGoals(month: Figures): Report['goals'] {
  const cpu = month.nodeCpu + month.databaseCpu;
  const what = '`GET /api/slots`, 31 days, five people';
  const parts = `Node ${month.nodeCpu.toFixed(1)} + PostgreSQL ${month.databaseCpu.toFixed(1)} ms of CPU`;
  return [
    { what, measured: parts, value: cpu, unit: 'ms', must: 8, aim: 3, better: 'less' },
    { what, measured: 'p99 at 1 connection', value: month.p99, unit: 'ms', must: 20, aim: 8, better: 'less' },
  ];
}

/** The month again once the salon has a million bookings; nothing measured afterwards would be comparable. */
export async function benchGrowth(ground: Ground, report: Report): Promise<void> {
  const { sql } = ground.database;
  const month = { month: lawrei(1, monthRequest(ground)) };
  const young = (await inTurn(ground, month)).month;
  const [standing] = await sql<{ count: number }>('select count(*)::int as count from booking');
  const before = standing?.count ?? 0;
  for (let count = before; count < GROWN_TO; count += BATCH) {
    await addHistory(sql, ground.salon, Math.min(BATCH, GROWN_TO - count));
  }
  await sql('vacuum analyze');
  const old = (await inTurn(ground, month)).month;
  const cpu = (figures: Figures) => figures.nodeCpu + figures.databaseCpu;
  report.figures.push({ what: `31 days among ${before} bookings`, connections: 1, figures: young });
  report.figures.push({ what: `31 days among ${GROWN_TO} bookings`, connections: 1, figures: old });
  report.goals.push({
    what: 'growth: 31 days of slots among a million bookings',
    measured: `${cpu(old).toFixed(2)} ms of CPU after ${cpu(young).toFixed(2)} among ${before}`,
    value: cpu(old) / cpu(young),
    unit: '×',
    must: 1.2,
    aim: 1.05,
    better: 'less',
  });
}
