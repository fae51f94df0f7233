import { setTimeout as sleep } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from 'pg';
import type { Config } from '../config/config.js';
import { startEmbeddedServer } from './embedded.server.js';
import { isLockTimeout } from './errors.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { ormOptions, type EntityList, type MigrationList } from './orm.options.js';
import { appUrlOf, asOnlyBooter, ensureAppRole, ensureDatabase, proveAppRole, withClient } from './roles.js';

/** A migrated database the app may log in to, and how to let go of it. */
export interface PreparedDatabase {
  appUrl: string;
  stop(): Promise<void>;
}

const EMBEDDED_DATABASE = 'lawrei';
/** Whoever asks for a table waits behind a migration that waits for it: it gives way before their own patience ends. */
const LOCK_WAIT_MS = 1_000;
const PAUSE_MS = 1_000;
/** Two minutes, then a person has to look who holds what. */
const MOST_ATTEMPTS = 60;

/** Brings up the database the configuration asks for, migrates it as its owner, and proves the app's role. */
export async function prepareDatabase(
  config: Config,
  entities: EntityList,
  say: (line: string) => void,
): Promise<PreparedDatabase> {
  if (config.databaseUrl) {
    const password = config.databaseAppPassword;
    if (password === null && !config.databaseAppUrl)
      throw new Error('With DATABASE_URL set DATABASE_APP_PASSWORD or DATABASE_APP_URL too.');
    const appUrl = config.databaseAppUrl ?? appUrlOf(config.databaseUrl, password ?? '');
    await migrate(config.databaseUrl, entities, password);
    await proveAppRole(appUrl);
    return { appUrl, stop: async () => undefined };
  }
  if (config.databaseAppUrl) {
    await proveAppRole(config.databaseAppUrl);
    await refuseStaleSchema(config.databaseAppUrl);
    return { appUrl: config.databaseAppUrl, stop: async () => undefined };
  }
  say('Starting the embedded PostgreSQL (the first time takes a few seconds) …');
  const server = await startEmbeddedServer(config.dataDir);
  const ownerUrl = server.ownerUrl(EMBEDDED_DATABASE);
  await ensureDatabase((name) => server.ownerUrl(name), EMBEDDED_DATABASE);
  const applied = await migrate(ownerUrl, entities, server.appPassword);
  const appUrl = appUrlOf(ownerUrl, server.appPassword);
  await proveAppRole(appUrl);
  say(
    `PostgreSQL ${server.adopted ? 'was still running and was adopted' : 'is up'} on port ${server.port}; ${applied} migrations applied.`,
  );
  return { appUrl, stop: () => server.stopUnlessUsed() };
}

/** Brings the schema up to date as the owner, one booting process at a time; returns how many migrations ran. */
export async function migrate(
  ownerUrl: string,
  entities: EntityList,
  appPassword: string | null,
  migrations: MigrationList = MIGRATIONS,
): Promise<number> {
  return asOnlyBooter(ownerUrl, async (client) => {
    await ensureAppRole(client, appPassword);
    const applied = await appliedMigrations(client);
    if (migrations.every(({ name }) => applied.has(name))) return 0;
    const driverOptions = { options: `-c lock_timeout=${LOCK_WAIT_MS}` };
    const orm = new MikroORM(ormOptions(entities, { clientUrl: ownerUrl, driverOptions }, migrations));
    try {
      return await migrateGivingWay(orm, client);
    } finally {
      await orm.close(true);
    }
  });
}

/** Each migration in a transaction of its own, again for as long as somebody else holds what it needs. */
async function migrateGivingWay(orm: MikroORM, client: Client): Promise<number> {
  const before = (await appliedMigrations(client)).size;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await orm.migrator.up();
      return (await appliedMigrations(client)).size - before;
    } catch (error) {
      if (!isLockTimeout(error) || attempt >= MOST_ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Asked without loading the whole schema: most starts find nothing to do. */
async function appliedMigrations(client: Client): Promise<Set<string>> {
  const { rows: tables } = await client.query(
    "select to_regclass('public.schema_migration') is not null as exists",
  );
  if (!tables[0]?.exists) return new Set();
  const { rows } = await client.query<{ name: string }>('select name from schema_migration');
  return new Set(rows.map((row) => row.name));
}

async function refuseStaleSchema(appUrl: string): Promise<void> {
  const applied = await withClient(appUrl, appliedMigrations);
  const pending = MIGRATIONS.filter(({ name }) => !applied.has(name));
  if (pending.length > 0)
    throw new Error(`The database is behind by ${pending.length} migrations: start once with DATABASE_URL.`);
}
