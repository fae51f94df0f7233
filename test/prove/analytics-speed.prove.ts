import { ReportDays } from '../../src/analytics/report-days.service.js';
import { withCleanUp } from '../support/clean-up.js';
import { aStaffAccount } from '../support/factories.js';
import { percentileOf } from '../support/kolmogorov-smirnov.js';
import { startProvenYear } from '../support/proven-year.js';
import { askReport, REPORT_PATHS } from '../support/report-comparison.js';

/** How long each report of twelve months takes on sixty thousand made-up bookings, and those of sums before any day is kept. */
const ROUNDS = 50;
const MOST_MS = 200;
const OF_SUMS = ['kpis', 'notifications', 'retention'] as const;
const UNKEPT_ROUNDS = 3;
/** Short of the five seconds a statement of the application may take. */
const MOST_UNKEPT_MS = 4_000;
const TWELVE_MONTHS = { from: '2029-03-13', to: '2030-03-12', granularity: 'month' } as const;

await withCleanUp(async (keep) => {
  const app = await startProvenYear(keep);
  const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  const slow: string[] = [];
  const ask = async (path: (typeof REPORT_PATHS)[number]) => {
    const began = performance.now();
    await askReport(manager, path, TWELVE_MONTHS);
    return performance.now() - began;
  };
  for (const path of OF_SUMS) {
    const times: number[] = [];
    for (let round = 0; round < UNKEPT_ROUNDS; round += 1) times.push(await ask(path));
    const median = percentileOf(times, 50);
    console.log(
      `result: ${path} of twelve months without a kept day, ${UNKEPT_ROUNDS} times: p50 ${median.toFixed(0)} ms (most ${MOST_UNKEPT_MS})`,
    );
    if (median > MOST_UNKEPT_MS) slow.push(`${path} without a kept day`);
  }
  const keepDays = async () => {
    const began = performance.now();
    await app.get(ReportDays).keep();
    return ((performance.now() - began) / 1_000).toFixed(1);
  };
  const first = await keepDays();
  const [kept] = await app.sql('select count(*)::int as days from report_day');
  await app.sql(`update report_day set kept_at = kept_at - interval '1 hour'`);
  console.log(
    `result: ${kept?.['days']} days counted and kept in ${first} s, the late ones again in ${await keepDays()} s`,
  );
  const took = new Map<string, number[]>(REPORT_PATHS.map((path) => [path, []]));
  // In turns, so that a machine that is slow for a while is so for all of them.
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [path, times] of took) times.push(await ask(path));
  for (const [path, times] of took) {
    const [p50, p95] = [percentileOf(times, 50), percentileOf(times, 95)];
    console.log(
      `result: ${path} of twelve months, ${ROUNDS} times: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms (most ${MOST_MS})`,
    );
    if (p95 > MOST_MS) slow.push(path);
  }
  for (const path of slow) console.error(`too slow: ${path}`);
  process.exitCode = slow.length > 0 ? 1 : 0;
});
