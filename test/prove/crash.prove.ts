import { join } from 'node:path';
import { setUp, tearDown } from '../global-setup-impl.js';
import { withCleanUp } from '../support/clean-up.js';
import { CrashApp } from '../support/crash-app.js';
import { CrashTrials, FAILPOINTS, type Trial } from '../support/crash-trials.js';
import { Random } from '../support/random.js';
import { freshDatabase, leave, testHome } from '../support/test-database.js';

/** Kills the app at every named place, at the first, second or third pass, with and without e-mail and Idempotency-Key. */
const ROUNDS = 8;
const SEED = Number(process.env['PROVE_SEED'] ?? 1);

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const database = await freshDatabase();
  keep(() => leave(database));
  const random = new Random(SEED);
  const app = await CrashApp.start(database, join(testHome(), 'crash'));
  keep(() => app.stop());
  const trials = new CrashTrials(app, database);
  await trials.open();
  const everybody: Awaited<ReturnType<CrashTrials['crash']>> = [];
  let kills = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const point of random.shuffled(FAILPOINTS)) {
      const nth = point.startsWith('booking.') ? 1 : random.int(1, 3);
      const trial: Trial = { point, nth, hasEmail: random.next() < 0.5, isKeyed: random.next() < 0.5 };
      const attempts = await trials.crash(trial);
      await trials.recover(trial, attempts);
      everybody.push(...attempts);
      kills += 1;
      const faults = await trials.faults(attempts);
      if (faults.length > 0)
        throw new Error(`after kill ${kills} at ${JSON.stringify(trial)}: ${faults.join('; ')}`);
      console.log(
        `kill ${kills}: ${point}, pass ${nth}${trial.hasEmail ? ', with e-mail' : ''}${trial.isKeyed ? ', with a key' : ''}`,
      );
    }
  }
  const faults = await trials.faults(everybody);
  if (faults.length > 0) throw new Error(faults.join('; '));
  console.log(
    `result: ${kills} kills at ${FAILPOINTS.length} places, ${everybody.length} customers: no text lost, none sent twice, no booking by halves`,
  );
});
