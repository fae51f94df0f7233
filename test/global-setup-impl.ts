import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../src/database/database.boot.js';
import { startEmbeddedServer, type EmbeddedServer } from '../src/database/embedded.server.js';
import { ensureDatabase } from '../src/database/roles.js';
import { build, isStale, SHIPPED } from '../scripts/build.mjs';
import { ENTITIES } from '../src/entities.js';
import { TEST_BUILD } from './support/test-build.js';
import { stopSandboxesBelow } from './support/test-sandbox.js';

/** Speed over durability: a test database need not survive the machine. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'track_commit_timestamp=on',
];

let running: { server: EmbeddedServer; home: string } | null = null;

/** What tests start as processes comes from few files, as what is shipped: it is there in a third of the time. */
async function buildUnlessFresh(): Promise<void> {
  const { out, crashChild } = TEST_BUILD;
  if (!isStale({ out, sources: [...SHIPPED.sources, crashChild] })) return;
  await build({ out, entries: { ...SHIPPED.entries, 'crash-child': crashChild } });
}

/** One server for the whole run, a migrated template in it; each worker clones its own database from that. */
export async function setUp(): Promise<void> {
  await buildUnlessFresh();
  const home = mkdtempSync(join(tmpdir(), 'lawrei-test-'));
  const server = await startEmbeddedServer(home, SETTINGS);
  running = { server, home };
  await ensureDatabase((name) => server.ownerUrl(name), 'template_lawrei');
  await migrate(server.ownerUrl('template_lawrei'), ENTITIES, server.appPassword);
  const admin = new pg.Client({ connectionString: server.ownerUrl('postgres') });
  await admin.connect();
  // Races on a loaded machine may wait long for a lock that is about to be free; production keeps its 2 s.
  await admin.query(`alter role lawrei_app set lock_timeout = '20s'`);
  await admin.query(`alter role lawrei_app set statement_timeout = '30s'`);
  await admin.end();
  process.env['LAWREI_TEST_HOME'] = home;
  process.env['LAWREI_TEST_OWNER_URL'] = server.ownerUrl('postgres');
  process.env['LAWREI_TEST_APP_PASSWORD'] = server.appPassword;
}

export async function tearDown(): Promise<void> {
  if (!running) return;
  await stopSandboxesBelow(running.home);
  await running.server.stop();
  rmSync(running.home, { recursive: true, force: true });
}
