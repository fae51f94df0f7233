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

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const faults: string[] = [];
  for (let from = 0; from < HISTORIES; from += PER_APP) {
    const database = await freshDatabase();
    const app = await CrashApp.start(database, join(testHome(), `calendar-${from}`));
    try {
      const histories = new CalendarHistories(app, database);
      await histories.open();
      for (let at = from; at < Math.min(HISTORIES, from + PER_APP); at += 1) {
        const wrong = await histories.run(new Random(SEED + at), SIZE);
        for (const fault of wrong) {
          faults.push(fault);
          console.error(`seed ${SEED + at}: ${fault}`);
        }
      }
    } finally {
      await app.stop();
      await leave(database);
    }
    console.log(`${Math.min(HISTORIES, from + PER_APP)} histories, ${faults.length} faults`);
  }
  console.log(
    `result: ${HISTORIES} histories of ${SIZE.steps} steps with ${SIZE.kills} kills each: ${faults.length} differences between calendars and bookings`,
  );
  process.exitCode = faults.length > 0 ? 1 : 0;
});
