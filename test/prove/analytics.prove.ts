import { isDeepStrictEqual } from 'node:util';
import { setUp, tearDown } from '../global-setup-impl.js';
import { withCleanUp } from '../support/clean-up.js';
import { aStaffAccount } from '../support/factories.js';
import { percentileOf } from '../support/kolmogorov-smirnov.js';
import { RawRows, type Question } from '../support/naive/rows.js';
import { RandomYear } from '../support/random-year.js';
import { YEAR } from '../support/random-rows.js';
import { Random } from '../support/random.js';
import { askReport, compareReports, REPORT_PATHS } from '../support/report-comparison.js';
import { TestApp } from '../support/test-app.js';

/** Every report on a year of sixty thousand made-up bookings: the numbers that raw rows give, and how long each takes. */
const BOOKINGS = Number(process.env['BOOKINGS'] ?? 60_000);
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const TIMES = 20;
const MOST_MS = 200;
const YEAR_ASKED: Question = { from: '2029-03-13', to: '2030-03-12', granularity: 'month' };
const QUESTIONS: readonly Question[] = [
  YEAR_ASKED,
  { from: '2029-10-20', to: '2029-11-19', granularity: 'day' },
  { from: '2030-02-20', to: '2030-04-05', granularity: 'week' },
];

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const app = await TestApp.start({ env: { LAWREI_ROLE: 'api', RATE_LIMIT_SCALE: '1000' } });
  keep(() => app.stop());
  await app.timeIs(new Date(YEAR.now).toISOString());
  await new RandomYear(app, new Random(SEED)).write(BOOKINGS);
  const rows = await RawRows.of(app, YEAR.now);
  // Counting by hand takes longer than a token lasts.
  const signedIn = async () => app.as((await aStaffAccount(app, { role: 'manager' })).token);
  const wrong: string[] = [];
  let compared = 0;
  for (const question of QUESTIONS)
    for (const { report, told, raw } of await compareReports(await signedIn(), rows, question)) {
      compared += 1;
      if (!isDeepStrictEqual(JSON.parse(JSON.stringify(told)), JSON.parse(JSON.stringify(raw))))
        wrong.push(`${report} from ${question.from} to ${question.to}`);
    }
  console.log(
    `result: ${rows.bookings.length} bookings, ${rows.payments.length} payments, ${rows.messages.length} messages: ${compared - wrong.length} of ${compared} reports are what the raw rows give`,
  );
  const slow: string[] = [];
  const manager = await signedIn();
  for (const path of REPORT_PATHS) {
    const took: number[] = [];
    for (let at = 0; at < TIMES; at += 1) {
      const began = performance.now();
      await askReport(manager, path, YEAR_ASKED);
      took.push(performance.now() - began);
    }
    const [p50, p95] = [percentileOf(took, 50), percentileOf(took, 95)];
    console.log(
      `result: ${path} of twelve months: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms (most ${MOST_MS})`,
    );
    if (p95 > MOST_MS) slow.push(path);
  }
  for (const report of wrong) console.error(`not what the raw rows give: ${report}`);
  for (const path of slow) console.error(`too slow: ${path}`);
  process.exitCode = wrong.length + slow.length > 0 ? 1 : 0;
});
