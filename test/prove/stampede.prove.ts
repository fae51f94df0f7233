import { brokenInvariants, deadlocksSeen } from '../support/booking-invariants.js';
import { withCleanUp, type Keep } from '../support/clean-up.js';
import { OWNER, productionEnv, startLawrei } from '../support/app-process.js';
import { startOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { confirmRaces, createRaces, moveRaces, timeOffRaces, type Races } from '../support/races.js';
import { openForRaces, type Arena } from '../support/stampede-salon.js';
import { stampede, type Stampede } from '../support/stampede.js';

const RUNS = Number(process.env['STAMPEDE_RUNS'] ?? 20);
const ROUNDS = Number(process.env['STAMPEDE_ROUNDS'] ?? 100);

const seed = Number(process.env['PROVE_SEED'] ?? 1);

/** Two nodes of one installation; every other run has only the first to itself. */
async function startNodes(keep: Keep, database: OwnDatabase): Promise<[string, string]> {
  const env = productionEnv(database);
  const first = await startLawrei(env);
  keep(() => first.stop());
  const second = await startLawrei(env);
  keep(() => second.stop());
  return [first.url, second.url];
}

function told({ attempts, won, staff, timeOff, slowestMs, tookMs, faults }: Stampede, nodes: number): string {
  const ended = faults.length === 0 ? 'ok' : `FAULTS\n  ${faults.slice(0, 10).join('\n  ')}`;
  return `${attempts} attempts on ${nodes} node(s), ${won} of ${staff} people booked, time off ${timeOff}×, ${Math.round(tookMs)} ms, slowest answer ${Math.round(slowestMs)} ms: ${ended}`;
}

async function stampedes(arenas: readonly Arena[]): Promise<Stampede[]> {
  const runs: Stampede[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const arena = arenas[run % arenas.length];
    if (!arena) break;
    runs.push(await stampede(arena, seed + run));
    console.log(`${run + 1}/${RUNS}: ${told(runs.at(-1) as Stampede, arena.urls.length)}`);
  }
  return runs;
}

function report(name: string, { rounds, slowestRoundMs, medianRoundMs, faults }: Races): string[] {
  for (const fault of faults.slice(0, 10)) console.log(`${name}: ${fault}`);
  console.log(
    `result: ${rounds} rounds of a race to ${name}: ${faults.length} faults, median round ${Math.round(medianRoundMs)} ms, slowest ${Math.round(slowestRoundMs)} ms`,
  );
  return faults;
}

const faults = await withCleanUp(async (keep) => {
  const database = await startOwnDatabase();
  keep(() => database.stop());
  const urls = await startNodes(keep, database);
  const { sql } = database;
  const [one, two] = [[urls[0]], urls].map((nodes): Arena => ({ urls: nodes, sql, owner: OWNER })) as [
    Arena,
    Arena,
  ];
  await openForRaces(two);
  const deadlocksBefore = await deadlocksSeen(sql);

  const runs = await stampedes([one, two]);
  const found = runs.flatMap((run) => run.faults);
  const attempts = runs.reduce((sum, run) => sum + run.attempts, 0);
  const slowest = Math.round(Math.max(...runs.map((run) => run.tookMs)));
  console.log(
    `result: ${runs.length} stampedes, ${attempts} attempts: ${found.length} faults, slowest stampede ${slowest} ms`,
  );

  found.push(...report('book one hour, 50-way', await createRaces(two, seed, ROUNDS)));
  found.push(...report('move into one hour, 50-way', await moveRaces(two, seed, ROUNDS)));
  found.push(
    ...report('confirm or take a hold that runs out, 50-way', await confirmRaces(two, seed, ROUNDS)),
  );
  found.push(...report('book an hour or take it off', await timeOffRaces(two, seed, ROUNDS)));

  const broken = await brokenInvariants(sql);
  const deadlocks = (await deadlocksSeen(sql)) - deadlocksBefore;
  const logged = database.log().match(/deadlock detected/g)?.length ?? 0;
  console.log(
    `result: ${deadlocks} deadlocks counted, ${logged} in the log; ${broken.length} invariants broken`,
  );
  for (const line of broken) console.log(`broken: ${line}`);
  return [...found, ...broken, ...(deadlocks + logged > 0 ? ['deadlocks'] : [])];
});

process.exitCode = faults.length === 0 ? 0 : 1;
