import { setUp, tearDown } from '../global-setup-impl.js';
import { withCleanUp } from '../support/clean-up.js';
import { Random } from '../support/random.js';
import { raceStops } from '../support/stop-races.js';
import { TestApp } from '../support/test-app.js';

/** STOP against reminders that are being sent: none begins after the commit of its STOP. */
const RACES = 500;
const SEED = Number(process.env['PROVE_SEED'] ?? 1);

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const app = await TestApp.start();
  keep(() => app.stop());
  const shared = { LAWREI_DATA_DIR: app.config.dataDir, PUBLIC_URL: app.config.publicUrl };
  const other = await TestApp.start({ database: app.database, env: shared });
  keep(() => other.stop());
  await app.sandbox.config({ stepMs: 1 });
  await app.sql('update business set sms_daily_budget = 1000000');
  await app.timeIs('2030-03-01T14:00:00Z');
  const races = await raceStops([app, other], { count: RACES, overMs: 6_000, random: new Random(SEED) });
  const { answers, optOuts, begun, late, stopped } = races;
  console.log(
    `result: ${RACES} STOPs against due reminders on two nodes: ${begun} had begun, ${stopped} were stopped, ${late} began after their STOP`,
  );
  const isRace = begun > RACES / 20 && stopped > RACES / 20;
  const isRight = late === 0 && optOuts === RACES && answers.every((status) => status === 200);
  if (!isRace) console.error('One came always first: no race.');
  process.exitCode = isRace && isRight ? 0 : 1;
});
