import { newId } from '../../src/common/ids.js';
import { productionEnv, startLawrei, startServer, type ServerProcess } from '../support/app-process.js';
import type { Keep } from '../support/clean-up.js';
import { startOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { Random } from '../support/random.js';
import { measure, medianOf, type Figures, type LoadRequest } from './measure.js';
import { freshStarts, prepareBaseline, seedSalon, type BenchSalon } from './seed.js';

export interface BenchOptions {
  seconds: number;
  rounds: number;
  seed: number;
  /** Bookings the salon has before anything is measured. */
  bookings: number;
  /** Folder for a processor profile of Lawrei; null for none. */
  profile: string | null;
}

/** Everything a measurement needs: the salon, Lawrei and the baseline on one server. */
export interface Ground {
  options: BenchOptions;
  database: OwnDatabase;
  salon: BenchSalon;
  /** Settings of the node, for those who start another. */
  env: Record<string, string>;
  lawrei: ServerProcess;
  baseline: ServerProcess;
  booking: (path: string, more?: Record<string, string>) => () => LoadRequest;
}

export interface Put {
  on: 'lawrei' | 'baseline';
  connections: number;
  requests: readonly LoadRequest[] | (() => LoadRequest);
  status: number;
}

/** Starts everything; all of it goes when the run is over. */
export async function prepareGround(options: BenchOptions, keep: Keep): Promise<Ground> {
  const random = new Random(options.seed);
  const database = await startOwnDatabase();
  keep(() => database.stop());
  const env = productionEnv(database);
  // The first start gives the salon its first rows; the one that is measured finds it as it will be.
  await (await startLawrei(env)).stop();
  const salon = await seedSalon(database.sql, random, options.bookings);
  await prepareBaseline(database.sql);
  // The filled tables alone: a plan made for a table known to be empty would be kept when it no longer is.
  await database.sql(
    'analyze booking, allocation, customer, service, resource, service_resource, weekly_hours',
  );
  const profiled = options.profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
  // Requests alone: the effects of bookings (messages) are done by workers, whose work is measured elsewhere.
  const lawrei = await startLawrei({ ...env, LAWREI_ROLE: 'api' }, profiled);
  keep(() => lawrei.stop());
  const baseline = await startServer({
    file: new URL('./baseline.server.ts', import.meta.url),
    env: { DATABASE_URL: database.ownerUrl },
    nodeOptions: ['--import', './scripts/swc-hooks.mjs'],
    ready: '/ready',
  });
  keep(() => baseline.stop());
  return { options, database, salon, env, lawrei, baseline, booking: bookings(salon, random) };
}

/** Loads in turn, round after round, so that a machine that gets slower slows all of them; the median of each. */
export async function inTurn<Name extends string>(
  ground: Ground,
  loads: Record<Name, Put>,
): Promise<Record<Name, Figures>> {
  const names = Object.keys(loads) as Name[];
  const measured = new Map<Name, Figures[]>(names.map((name) => [name, []]));
  for (const name of names) await put(ground, loads[name], Math.min(2, ground.options.seconds));
  for (let round = 0; round < ground.options.rounds; round += 1) {
    for (const name of names)
      measured.get(name)?.push(await put(ground, loads[name], ground.options.seconds));
  }
  return Object.fromEntries(names.map((name) => [name, medianOf(measured.get(name) ?? [])])) as Record<
    Name,
    Figures
  >;
}

export async function put(
  ground: Ground,
  { on, connections, requests, status }: Put,
  seconds: number,
): Promise<Figures> {
  const server = ground[on];
  const { postmasterPid } = ground.database;
  try {
    return await measure({
      url: server.url,
      pid: server.pid,
      postmasterPid,
      connections,
      seconds,
      requests,
      status,
    });
  } catch (error) {
    console.error(server.output());
    throw error;
  }
}

/** A booking nobody made before, by somebody who never came before. */
export function bookings(salon: BenchSalon, random: Random): Ground['booking'] {
  const next = freshStarts(salon, random);
  let guests = 0;
  return (path, more = {}) =>
    () => {
      guests += 1;
      const phone = `+1555${String(guests).padStart(7, '0')}`;
      const customer = { name: 'Ada Lovelace', phone, email: `ada-${guests}@load.example` };
      return {
        method: 'POST',
        path,
        headers: { 'content-type': 'application/json', 'idempotency-key': newId(), ...more },
        body: JSON.stringify({ serviceId: salon.otherServiceId, ...next(), customer }),
      };
    };
}
