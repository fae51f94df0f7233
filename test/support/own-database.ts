import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/database/database.boot.js';
import { startEmbeddedServer } from '../../src/database/embedded.server.js';
import { ensureDatabase } from '../../src/database/roles.js';
import { ENTITIES } from '../../src/entities.js';

/** Runs SQL as the database's owner, whom row-level security does not bind. */
export type Sql = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;

/** A PostgreSQL server of one's own, durable as in production, with one migrated database. */
export interface OwnDatabase {
  /** A folder for whatever else the run writes; it goes with the server. */
  home: string;
  ownerUrl: string;
  appPassword: string;
  /** For reading how much processor time the server took. */
  postmasterPid: number;
  sql: Sql;
  /** Ends the server the fast way, whoever is connected, and starts it again at the same address; `meanwhile` it is away. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  /** What the server has logged so far: deadlocks stand there even if somebody tried again. */
  log(): string;
  stop(): Promise<void>;
}

const NAME = 'lawrei';

/** Starts a server in a temporary folder and migrates a database in it; `stop` removes both. */
export async function startOwnDatabase(): Promise<OwnDatabase> {
  const home = mkdtempSync(join(tmpdir(), 'lawrei-run-'));
  let server = await startEmbeddedServer(home);
  await ensureDatabase((name) => server.ownerUrl(name), NAME);
  const ownerUrl = server.ownerUrl(NAME);
  await migrate(ownerUrl, ENTITIES, server.appPassword);
  // One connection, so that settings last, and whoever asks while it is busy waits in line.
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 1, idleTimeoutMillis: 0 });
  // The server may end under it.
  owner.on('error', () => undefined);
  return {
    home,
    ownerUrl,
    appPassword: server.appPassword,
    postmasterPid: Number.parseInt(
      readFileSync(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8'),
      10,
    ),
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    restart: async (meanwhile) => {
      await server.stop();
      await meanwhile?.();
      server = await startEmbeddedServer(home);
    },
    log: () => readFileSync(join(home, 'postgres', 'postgres.log'), 'utf8'),
    stop: async () => {
      await owner.end();
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
