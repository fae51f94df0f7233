import { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from 'pg';
import type { Config } from '../config/config.js';
import { startEmbeddedServer } from './embedded.server.js';
import { MIGRATIONS } from './migrations/migrations.js';
import { ormOptions, type EntityList } from './orm.options.js';
import { appUrlOf, asOnlyBooter, ensureAppRole, ensureDatabase, proveAppRole } from './roles.js';

/** A migrated database the app may log in to, and how to let go of it. */
export interface PreparedDatabase {
  appUrl: string;
  stop(): Promise<void>;
}

const EMBEDDED_DATABASE = 'lawrei';

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
    await refuseStaleSchema(config.databaseAppUrl, entities);
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
): Promise<number> {
  return asOnlyBooter(ownerUrl, async (client) => {
    await ensureAppRole(client, appPassword);
    if (await isCurrent(client)) return 0;
    const orm = new MikroORM(ormOptions(entities, { clientUrl: ownerUrl }));
    try {
      return (await orm.migrator.up()).length;
    } finally {
      await orm.close(true);
    }
  });
}

/** Whether every migration has run, asked without loading the whole schema: most starts find nothing to do. */
async function isCurrent(client: Client): Promise<boolean> {
  const { rows: tables } = await client.query(
    "select to_regclass('public.schema_migration') is not null as exists",
  );
  if (!tables[0]?.exists) return false;
  const { rows } = await client.query<{ name: string }>('select name from schema_migration');
  const applied = new Set(rows.map((row) => row.name));
  return MIGRATIONS.every((migration) => applied.has(migration.name));
}

async function refuseStaleSchema(appUrl: string, entities: EntityList): Promise<void> {
  const orm = new MikroORM(ormOptions(entities, { clientUrl: appUrl }));
  try {
    const pending = await orm.migrator.getPending();
    if (pending.length > 0)
      throw new Error(
        `The database is behind by ${pending.length} migrations: start once with DATABASE_URL.`,
      );
  } finally {
    await orm.close(true);
  }
}
