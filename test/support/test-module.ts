import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseClock } from '../../src/common/clock.js';
import { Database } from '../../src/database/database.service.js';
import { ormOptions } from '../../src/database/orm.options.js';
import { Pools } from '../../src/database/pools.js';
import { ENTITIES } from '../../src/entities.js';
import { MikroORM } from '@mikro-orm/postgresql';
import { PostgresDialect } from 'kysely';
import { asOwner, freshDatabase, leave, testHome, type TestDatabase } from './test-database.js';

/** `transact` on a fresh database, without an application around it. */
export interface BareDatabase {
  database: Database;
  clock: DatabaseClock;
  urls: TestDatabase;
  /** Looks behind the scenes as the owner. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** `by` may lead another way to the same database. */
export async function bareDatabase(by = (appUrl: string) => appUrl): Promise<BareDatabase> {
  const urls = await freshDatabase();
  const pools = new Pools(by(urls.appUrl));
  const clock = new DatabaseClock();
  const orm = new MikroORM(
    ormOptions(ENTITIES, { driverOptions: new PostgresDialect({ pool: pools.requests }) }),
  );
  return {
    database: new Database(orm, pools, clock),
    clock,
    urls,
    sql: (text, values = []) => asOwner(urls, text, values),
    close: async () => {
      await pools.end();
      await leave(urls);
    },
  };
}

/** An empty folder of this test run, gone with it. */
export function freshFolder(name: string): string {
  const folder = join(testHome(), `${name}-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
