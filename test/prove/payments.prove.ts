import { join } from 'node:path';
import { setUp, tearDown } from '../global-setup-impl.js';
import { withCleanUp } from '../support/clean-up.js';
import { CrashApp } from '../support/crash-app.js';
import { PAYMENT_FAILPOINTS, PaymentCrashTrials } from '../support/payment-crash-trials.js';
import { PaymentHistory, startForHistories } from '../support/payment-histories.js';
import { Random } from '../support/random.js';
import { freshDatabase, leave, testHome } from '../support/test-database.js';

/** Random histories of payments against a bookkeeper's model, and kills around every call to the provider. */
const HISTORIES = Number(process.env['PAYMENT_HISTORIES'] ?? 5_000);
const KILL_ROUNDS = Number(process.env['PAYMENT_KILL_ROUNDS'] ?? 5);
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
/** An application is given up after so many: its journal and its tables are those of a busy day by then. */
const PER_APP = 500;

async function histories(): Promise<string[]> {
  const faults: string[] = [];
  for (let from = 0; from < HISTORIES; from += PER_APP) {
    const app = await startForHistories();
    for (let at = from; at < Math.min(HISTORIES, from + PER_APP); at += 1)
      faults.push(...(await PaymentHistory.run(app, SEED + at)));
    await app.stop();
    console.log(`${Math.min(HISTORIES, from + PER_APP)} histories, ${faults.length} faults`);
  }
  return faults;
}

async function kills(keep: (stop: () => Promise<void>) => void): Promise<string[]> {
  const database = await freshDatabase();
  keep(() => leave(database));
  const app = await CrashApp.start(database, join(testHome(), 'payment-crash'));
  keep(() => app.stop());
  const trials = new PaymentCrashTrials(app, database);
  await trials.open();
  const random = new Random(SEED);
  const faults: string[] = [];
  for (let round = 0; round < KILL_ROUNDS; round += 1)
    for (const point of random.shuffled(PAYMENT_FAILPOINTS)) faults.push(...(await trials.run(point)));
  return faults;
}

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const wrong = await histories();
  console.log(`result: ${HISTORIES} histories of up to six events: ${wrong.length} differ from the model`);
  const broken = await kills(keep);
  console.log(
    `result: ${KILL_ROUNDS * PAYMENT_FAILPOINTS.length} kills around calls to the provider: ${broken.length} faults; none charged twice, none refunded twice`,
  );
  for (const line of [...wrong, ...broken].slice(0, 20)) console.error(line);
  process.exitCode = wrong.length + broken.length > 0 ? 1 : 0;
});
