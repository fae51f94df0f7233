import { join } from 'node:path';
import { setUp, tearDown } from '../global-setup-impl.js';
import { CalendarHistories } from '../support/calendar-histories.js';
import { withCleanUp } from '../support/clean-up.js';
import { CrashApp } from '../support/crash-app.js';
import { Random } from '../support/random.js';
import { freshDatabase, leave, testHome } from '../support/test-database.js';

/** Random histories of bookings, moves, cancellations, people in Google, everything that fails there, and kills. */
const HISTORIES = Number(process.env['CALENDAR_HISTORIES'] ?? 300);
const SIZE = { steps: 200, kills: 3 };
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
/** An application is given up after so many: its journal and its tables are those of a busy year by then. */
const PER_APP = 15;
/** Applications at the same time: a history waits more than it works. */
const AT_ONCE = 3;

async function live(from: number): Promise<string[]> {
  const faults: string[] = [];
  const database = await freshDatabase();
  // A lease that runs out counts as a failure: it is longer than a handler takes where several starts share two cores.
  const app = await CrashApp.start(database, join(testHome(), `calendar-${from}`), {
    OUTBOX_LEASE_MS: '3000',
  });
  try {
    const histories = new CalendarHistories(app, database);
    await histories.open();
    for (let at = from; at < Math.min(HISTORIES, from + PER_APP); at += 1) {
      const wrong = await histories.run(new Random(SEED + at), SIZE);
      faults.push(...wrong.map((fault) => `seed ${SEED + at}: ${fault}`));
    }
  } finally {
    await app.stop();
    await leave(database);
  }
  for (const fault of faults) console.error(fault);
  return faults;
}

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const starts = Array.from({ length: Math.ceil(HISTORIES / PER_APP) }, (_, nth) => nth * PER_APP);
  const faults: string[] = [];
  let done = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let from = starts.shift(); from !== undefined; from = starts.shift()) {
        faults.push(...(await live(from)));
        done += 1;
        console.log(`${done} of ${Math.ceil(HISTORIES / PER_APP)} applications, ${faults.length} faults`);
      }
    }),
  );
  console.log(
    `result: ${HISTORIES} histories of ${SIZE.steps} steps with ${SIZE.kills} kills each: ${faults.length} differences between calendars and bookings`,
  );
  process.exitCode = faults.length > 0 ? 1 : 0;
});
