import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedServer } from './embedded.server.js';

/** What a server makes anew at its start, or what belongs to the running one alone (PostgreSQL manual, "Backing Up the Data Directory"). */
const NOT_COPIED = new Set(['postmaster.pid', 'postmaster.opts']);
const EMPTY_IN_A_COPY = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const PASSING = /^pgsql_tmp|^pg_internal\.init/;
const START_SEGMENT = /START WAL LOCATION: .* \(file ([0-9A-F]{24})\)/;

/**
 * Copies the embedded database into a folder that does not exist yet, by PostgreSQL's own protocol for a base backup; it may be in use
 * meanwhile. Rejects when so much was written that the log of the copy's beginning is gone already.
 */
export async function backUpEmbedded(dataDir: string, target: string): Promise<void> {
  if (existsSync(target)) throw new Error(`${target} exists already: name a new folder for each backup.`);
  const server = await startEmbeddedServer(dataDir);
  const unfinished = `${target}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    await copyRunning(server.ownerUrl('postgres'), join(dataDir, 'postgres'), unfinished);
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
    await server.stopUnlessUsed();
  }
}

async function copyRunning(ownerUrl: string, home: string, target: string): Promise<void> {
  const [from, to] = [join(home, 'data'), join(target, 'data')];
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'lawrei-backup' });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('lawrei', true)`);
    copyTree(from, to, (name, depth) => depth === 0 && EMPTY_IN_A_COPY.has(name));
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    const label = rows[0]?.labelfile ?? '';
    writeFileSync(join(to, 'backup_label'), label, { mode: 0o600 });
    // What was written while the files were copied makes them one again.
    copyTree(join(from, 'pg_wal'), join(to, 'pg_wal'));
    if (!existsSync(join(to, 'pg_wal', START_SEGMENT.exec(label)?.[1] ?? 'none')))
      throw new Error(
        'Too much was written while the files were copied: try again when there is less to do.',
      );
    copyFileSync(join(home, 'secrets.json'), join(target, 'secrets.json'));
  } finally {
    await client.end();
  }
}

/** Puts a backup in the place of the embedded database, which must not run; what was there stays beside it. Says where. */
export function restoreEmbedded(dataDir: string, source: string): string | null {
  if (!existsSync(join(source, 'data', 'backup_label')) || !existsSync(join(source, 'secrets.json')))
    throw new Error(`${source} is no backup of this program’s.`);
  const home = join(dataDir, 'postgres');
  const aside = `${home}.before-restore`;
  if (existsSync(join(home, 'data', 'postmaster.pid')))
    throw new Error('The database is running, or was killed: stop every process of this installation first.');
  if (existsSync(home)) {
    if (existsSync(aside))
      throw new Error(`${aside} is still there from an earlier time: move it away first.`);
    renameSync(home, aside);
  }
  mkdirSync(dirname(home), { recursive: true });
  copyTree(source, home);
  return existsSync(aside) ? aside : null;
}

/** A file that goes while it is looked for was not needed. */
function copyTree(
  from: string,
  to: string,
  isEmptied = (_name: string, _depth: number) => false,
  depth = 0,
): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const { name } = entry;
    if (NOT_COPIED.has(name) || PASSING.test(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    if (!entry.isDirectory()) copyUnlessGone(source, target);
    else if (isEmptied(name, depth)) mkdirSync(target, { recursive: true, mode: 0o700 });
    else copyTree(source, target, isEmptied, depth + 1);
  }
}

function copyUnlessGone(source: string, target: string): void {
  try {
    copyFileSync(source, target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
