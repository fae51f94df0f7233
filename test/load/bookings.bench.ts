import { inTurn, put, type Ground, type Put } from './ground.js';
import { median } from './measure.js';
import type { Report } from './report.js';

const lawrei = (ground: Ground, connections: number): Put => ({
  on: 'lawrei',
  connections,
  requests: ground.booking('/api/bookings'),
  status: 201,
});

const baseline = (ground: Ground, connections: number): Put => ({
  on: 'baseline',
  connections,
  requests: ground.booking('/booking'),
  status: 201,
});

/** Bookings that all succeed, each with an idempotency key, beside the bare statement. */
export async function benchBookings(ground: Ground, report: Report): Promise<void> {
  const f = await inTurn(ground, {
    base32: baseline(ground, 32),
    book32: lawrei(ground, 32),
    base8: baseline(ground, 8),
    book8: lawrei(ground, 8),
    base1: baseline(ground, 1),
    book1: lawrei(ground, 1),
  });
  for (const connections of [1, 8, 32] as const) {
    report.figures.push({
      what: 'baseline: one booking statement',
      connections,
      figures: f[`base${connections}`],
    });
    report.figures.push({ what: '`POST /api/bookings`', connections, figures: f[`book${connections}`] });
  }
  report.goals.push(
    {
      what: '`POST /api/bookings`, 32 connections',
      measured: `${f.book32.perSecond.toFixed(0)} of ${f.base32.perSecond.toFixed(0)} req/s with a bare statement`,
      value: f.book32.perSecond / f.base32.perSecond,
      unit: '×',
      must: 0.25,
      aim: 0.45,
      better: 'more',
    },
    {
      what: '`POST /api/bookings`',
      measured: 'p99 at 8 connections',
      value: f.book8.p99,
      unit: 'ms',
      must: 32,
      aim: 15,
      better: 'less',
    },
    {
      what: 'memory under load',
      measured: 'highest resident size while booking at 32 connections',
      value: f.book32.peakMegabytes || Number.NaN,
      unit: 'MB',
      must: 280,
      aim: 220,
      better: 'less',
    },
  );
}

/** What row-level security costs a booking: the same request with the policies switched off and on again, in turn. */
export async function benchIsolation(ground: Ground, report: Report): Promise<void> {
  const { sql } = ground.database;
  const tables = await sql<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace`,
  );
  const isolation = async (verb: 'enable' | 'disable') => {
    for (const { name } of tables) await sql(`alter table ${name} ${verb} row level security`);
    await put(ground, lawrei(ground, 1), 1);
  };
  const off: number[] = [];
  const on: number[] = [];
  for (let round = 0; round < ground.options.rounds; round += 1) {
    await isolation('disable');
    off.push((await put(ground, lawrei(ground, 1), ground.options.seconds)).p50);
    await isolation('enable');
    on.push((await put(ground, lawrei(ground, 1), ground.options.seconds)).p50);
  }
  report.goals.push({
    what: 'row-level security, one booking at 1 connection',
    measured: `p50 ${median(on).toFixed(2)} ms with and ${median(off).toFixed(2)} ms without policies`,
    value: (median(on) / median(off) - 1) * 100,
    unit: '%',
    must: 15,
    aim: 5,
    better: 'less',
  });
}
