import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../src/database/free-port.js';
import { productionEnv, startLawrei, type ServerProcess } from '../support/app-process.js';
import type { Keep } from '../support/clean-up.js';
import { startOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import type { Random } from '../support/random.js';
import { bookings } from './ground.js';
import type { LoadRequest } from './measure.js';
import { OpenLoop, type Answered } from './open-loop.js';
import { startProxy } from './proxy.js';
import { seedSalon, type BenchSalon } from './seed.js';

const SOME_SHARE = 0.3;
/** The proxy asks every second who is ready; whoever stops the next node waits until it has seen the last, as compose.yaml says. */
const SEEN_BY_PROXY_MS = 5_000;

/** Two nodes as they run in production, behind the proxy of docker/compose.yaml, in a salon with many bookings. */
export class TwoNodes {
  private readonly nodes: ServerProcess[] = [];

  private constructor(
    readonly database: OwnDatabase,
    readonly env: Record<string, string>,
    private readonly ports: readonly number[],
    readonly url: string,
    private readonly next: () => LoadRequest,
  ) {}

  static async start(
    keep: Keep,
    random: Random,
    { count, env: more = {} }: { count: number; env?: Record<string, string> },
  ): Promise<TwoNodes> {
    const database = await startOwnDatabase();
    keep(() => database.stop());
    const env = { ...productionEnv(database), ...more };
    await (await startLawrei(env)).stop();
    const salon = await seedSalon(database.sql, random, count);
    await database.sql('analyze');
    const ports = [await freePort(), await freePort()];
    const proxy = await startProxy(database.home, ports);
    const both = new TwoNodes(database, env, ports, proxy.url, requests(salon, random));
    keep(async () => void (await Promise.all(both.nodes.map((node) => node.stop().catch(() => undefined)))));
    keep(() => proxy.stop());
    for (const place of ports.keys()) await both.startNode(place);
    return both;
  }

  /** Asks so many times a second until it is stopped. */
  load(perSecond: number): OpenLoop {
    return new OpenLoop(this.url, perSecond, this.next);
  }

  /** Ends a node as a deployment does, or as a machine that loses power, and starts it again. */
  async restart(place: number, how: 'stop' | 'kill' = 'stop'): Promise<void> {
    await this.nodes[place]?.[how]();
    await this.startNode(place);
  }

  /** One after the other, with what `env` says by now; the proxy sees each of them come back before the next goes. */
  async restartAll(): Promise<void> {
    for (const place of this.ports.keys()) {
      await this.restart(place);
      await pause(SEEN_BY_PROXY_MS);
    }
  }

  private async startNode(place: number): Promise<void> {
    this.nodes[place] = await startLawrei({ ...this.env, PORT: String(this.ports[place]) });
  }
}

/** Mostly people who look, and some who book a time that is free. */
function requests(salon: BenchSalon, random: Random): () => LoadRequest {
  const booking = bookings(salon, random)('/api/bookings');
  return () => {
    if (random.next() < SOME_SHARE) return booking();
    if (random.next() < SOME_SHARE) return { method: 'GET', path: '/api/services' };
    const date = random.pick(salon.dates.slice(0, 31));
    const staffId = random.pick(salon.staffIds);
    const query = new URLSearchParams({ serviceId: salon.serviceId, staffId, from: date, to: date });
    return { method: 'GET', path: `/api/slots?${query.toString()}` };
  };
}

export const isServed = ({ status }: Answered) => status === 200 || status === 201;

/** Those that were not served; the first ten of them are printed. */
export function failuresOf(answered: readonly Answered[]): Answered[] {
  const failed = answered.filter((answer) => !isServed(answer));
  for (const { path, status, body, askedAt } of failed.slice(0, 10))
    console.error(`${new Date(askedAt).toISOString()} ${path}: ${status} ${body.slice(0, 200)}`);
  return failed;
}

/** How many of the bookings that were promised are not there in full. */
export async function lostOf({ sql }: OwnDatabase, answered: readonly Answered[]) {
  const promised = answered.filter(({ status }) => status === 201);
  const ids = promised.map(({ body }) => (JSON.parse(body) as { id: string }).id);
  const [kept] = await sql<{ whole: number }>(
    `select count(*)::int as whole from booking b where id = any($1::uuid[]) and status = 'confirmed'
        and exists (select 1 from allocation where booking_id = b.id) and exists (select 1 from booking_event where booking_id = b.id)
        and exists (select 1 from outbox_message where payload ->> 'bookingId' = b.id::text)`,
    [ids],
  );
  return { promised: ids.length, lost: ids.length - (kept?.whole ?? 0) };
}
