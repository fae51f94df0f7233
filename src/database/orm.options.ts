import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type Options } from '@mikro-orm/postgresql';
import { MIGRATIONS } from './migrations/migrations.js';

export type EntityList = NonNullable<Options['entities']>;

export type MigrationList = typeof MIGRATIONS;

/** Tables the schema check does not look at: written in SQL because MikroORM cannot say them. */
const WRITTEN_IN_SQL = ['schema_migration', 'app_clock', 'audit_log', /^audit_log_/, 'erasure_ledger'];

/** MikroORM's options, the same for the app, the migrations and the schema check. */
export function ormOptions(
  entities: EntityList,
  connection: Pick<Options, 'clientUrl' | 'driverOptions'>,
  migrationsList: MigrationList = MIGRATIONS,
): Partial<Options> {
  return defineConfig({
    ...connection,
    ...(connection.clientUrl ? {} : { dbName: 'lawrei' }),
    // The database is there before anything connects; looking for one named as above would reconnect elsewhere.
    ensureDatabase: false,
    entities: [...entities],
    extensions: [Migrator],
    migrations: {
      migrationsList,
      snapshot: false,
      tableName: 'schema_migration',
      // What one has locked is not held until the last has run.
      allOrNothing: false,
    },
    schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true, skipTables: WRITTEN_IN_SQL },
    logger: () => undefined,
  });
}
