import { isDeepStrictEqual } from 'node:util';
import { ReportDays } from '../../src/analytics/report-days.service.js';
import { withCleanUp } from '../support/clean-up.js';
import { aStaffAccount } from '../support/factories.js';
import { RawRows, type Question } from '../support/naive/rows.js';
import { YEAR } from '../support/random-rows.js';
import { startProvenYear } from '../support/proven-year.js';
import { compareReports } from '../support/report-comparison.js';

/** Every report on a year of sixty thousand made-up bookings, counted when asked for and kept before: the numbers that raw rows give. */
const QUESTIONS: readonly Question[] = [
  { from: '2029-03-13', to: '2030-03-12', granularity: 'month' },
  { from: '2029-10-20', to: '2029-11-19', granularity: 'day' },
  { from: '2030-02-20', to: '2030-04-05', granularity: 'week' },
];

await withCleanUp(async (keep) => {
  const app = await startProvenYear(keep);
  const rows = await RawRows.of(app, YEAR.now);
  // Counting by hand takes longer than a token lasts.
  const signedIn = async () => app.as((await aStaffAccount(app, { role: 'manager' })).token);
  const wrong: string[] = [];
  let compared = 0;
  for (const how of ['counted', 'kept']) {
    if (how === 'kept') await app.get(ReportDays).keep();
    for (const question of QUESTIONS)
      for (const { report, told, raw } of await compareReports(await signedIn(), rows, question)) {
        compared += 1;
        if (!isDeepStrictEqual(JSON.parse(JSON.stringify(told)), JSON.parse(JSON.stringify(raw))))
          wrong.push(`${report} from ${question.from} to ${question.to}, ${how}`);
      }
  }
  console.log(
    `result: ${rows.bookings.length} bookings, ${rows.payments.length} payments, ${rows.messages.length} messages: ${compared - wrong.length} of ${compared} reports are what the raw rows give`,
  );
  for (const report of wrong) console.error(`not what the raw rows give: ${report}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
});
