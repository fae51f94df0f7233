import { Socket } from 'node:net';
import pg from 'pg';

/** Object ids of PostgreSQL's types; they never change. */
const [INT4_ARRAY, DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL] = [1007, 1082, 1114, 1184, 1186];
const REQUEST_CONNECTIONS = 8;
const WORKER_CONNECTIONS = 4;
const LONGEST_WAIT_MS = 10_000;

/** How many callers may stand in line for a connection before the next is told to come back. */
export const LONGEST_LINE = 1_000;

/** MikroORM parses dates itself, so the pools hand them over as text. */
function typeParsers(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  for (const oid of [DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL]) types.setTypeParser(oid, (text) => text);
  // Slot search reads thousands of integers: JSON's parser is an order of magnitude faster than a general one.
  types.setTypeParser(INT4_ARRAY, (text) => JSON.parse(`[${text.slice(1, -1)}]`));
  return types;
}

type Told = (error?: Error | null) => void;

/**
 * Statements that are sent together leave in one write: a write is a system call that wakes the server, and one for each
 * statement cost a third of what a booking takes of this process. The client corks around each prepared statement and writes the
 * ORM's as they are; this uncorks once, when whoever runs now has come to its end.
 */
class GatheringSocket extends Socket {
  private isGathering = false;

  override cork(): void {
    super.cork();
    this.gather();
  }

  override write(chunk: string | Uint8Array, callback?: Told): boolean;
  override write(chunk: string | Uint8Array, encoding?: BufferEncoding, callback?: Told): boolean;
  override write(chunk: string | Uint8Array, second?: BufferEncoding | Told, third?: Told): boolean {
    this.gather();
    return typeof second === 'string'
      ? super.write(chunk, second, third)
      : super.write(chunk, second ?? third);
  }

  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    super.cork();
    process.nextTick(() => {
      this.isGathering = false;
      this.uncork();
    });
  }
}

function pool(url: string, max: number, name: string): pg.Pool {
  const made = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: LONGEST_WAIT_MS,
    idleTimeoutMillis: 30_000,
    application_name: `lawrei-${name}`,
    pipeline: true,
    stream: () => new GatheringSocket(),
    types: typeParsers(),
  });
  // A connection dropped by the server is an 'error' event; without listeners it would end the process.
  made.on('error', () => undefined);
  made.on('connect', (client) => client.on('error', () => undefined));
  return made;
}

/** Requests and background work draw from separate pools, so that neither starves the other. */
export class Pools {
  readonly requests: pg.Pool;
  readonly workers: pg.Pool;

  constructor(readonly url: string) {
    this.requests = pool(url, REQUEST_CONNECTIONS, 'requests');
    this.workers = pool(url, WORKER_CONNECTIONS, 'workers');
  }

  async end(): Promise<void> {
    await Promise.all([this.requests.end(), this.workers.end()]);
  }
}
