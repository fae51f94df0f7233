import { setTimeout as pause } from 'node:timers/promises';
import { Migration } from '@mikro-orm/migrations';
import pg from 'pg';
import { loadConfig } from '../../src/config/config.js';
import { migrate, prepareDatabase } from '../../src/database/database.boot.js';
import { MIGRATIONS } from '../../src/database/migrations/migrations.js';
import { ENTITIES } from '../../src/entities.js';
import { asOwner, freshDatabase, leave, type TestDatabase } from '../support/test-database.js';

/** The salon's own row, which every request reads. */
const TABLE = 'business';

class LiveColumn extends Migration {
  override up(): void {
    this.addSql(`alter table ${TABLE} add column live_note varchar(100) null`);
  }
}

describe('a migration of a database that is in use', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => leave(database));

  const connected = async () => {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    return client;
  };

  it('gives way to whoever works, and is done when the table is free', async () => {
    const [holder, visitor] = [await connected(), await connected()];
    await holder.query(`begin; select 1 from ${TABLE}`);
    let isOver = false;
    const migrated = migrate(database.ownerUrl, ENTITIES, null, [...MIGRATIONS, LiveColumn]).finally(
      () => (isOver = true),
    );
    const waits: number[] = [];
    for (let count = 0; count < 15; count += 1) {
      const begun = performance.now();
      await visitor.query(`select 1 from ${TABLE}`);
      waits.push(performance.now() - begun);
      await pause(200);
    }
    expect(isOver).toBe(false);
    // Somebody was behind it in the queue, and nobody for longer than the app waits for a lock.
    expect(Math.max(...waits)).toBeGreaterThan(300);
    expect(Math.max(...waits)).toBeLessThan(2_000);
    await holder.query('commit');
    expect(await migrated).toBe(1);
    await Promise.all([holder.end(), visitor.end()]);
  }, 30_000);

  it('is left to its owner: the app’s role starts on nothing that is behind', async () => {
    const config = loadConfig({ DATABASE_APP_URL: database.appUrl });
    const prepared = () => prepareDatabase(config, ENTITIES, () => undefined);
    await expect(prepared()).resolves.toMatchObject({ appUrl: database.appUrl });
    await asOwner(database, 'delete from schema_migration where name = $1', [MIGRATIONS.at(-1)?.name]);
    await expect(prepared()).rejects.toThrow('behind by 1 migrations: start once with DATABASE_URL');
  });
});
