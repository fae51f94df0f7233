import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { startEmbeddedServer } from '../src/database/embedded.server.js';
import { ormOptions } from '../src/database/orm.options.js';
import { ensureAppRole, ensureDatabase } from '../src/database/roles.js';
import { ENTITIES } from '../src/entities.js';

/*
 * npm run migration -- NAME    writes a migration for what the entities have and the migrations lack
 * npm run migration -- --check fails when the two differ, and runs all migrations down and up again
 */

/** Foreign keys between modules that may not import each other are written in SQL; the diff would drop them. */
const KNOWN_DIFFERENCES = [/^alter table "\w+" drop constraint "?\w+_exists"?;$/];

/** What the entities want changed in a freshly migrated database, without the known differences. */
async function difference(orm: MikroORM, ownerUrl: string): Promise<string[]> {
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  const lines = sql
    .split(/\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !KNOWN_DIFFERENCES.some((known) => known.test(line)));
  const same = await sameRules(lines, ownerUrl);
  return lines.filter((line) => !same.has(constraintOf(line) ?? ''));
}

function constraintOf(line: string): string | null {
  return /^alter table "\w+" (?:drop|add) constraint "(\w+)"/.exec(line)?.[1] ?? null;
}

/**
 * Constraints that are dropped and added again with another text for the same rule (`between` for two comparisons):
 * PostgreSQL itself is asked, by trying the new text and comparing what it made of both.
 */
async function sameRules(lines: readonly string[], ownerUrl: string): Promise<Set<string>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const definition = async (name: string) =>
    (
      await client.query('select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1', [
        name,
      ])
    ).rows[0]?.text;
  const same = new Set<string>();
  try {
    for (const name of new Set(lines.map(constraintOf).filter((found) => found !== null))) {
      const changes = lines.filter((line) => constraintOf(line) === name);
      if (changes.length !== 2) continue;
      await client.query('begin');
      const before = await definition(name);
      for (const change of changes) await client.query(change);
      if (before === (await definition(name))) same.add(name);
      await client.query('rollback');
    }
  } finally {
    await client.end();
  }
  return same;
}

async function check(orm: MikroORM, ownerUrl: string): Promise<void> {
  const missing = await difference(orm, ownerUrl);
  if (missing.length > 0) {
    throw new Error(`Entities and migrations differ; run: npm run migration -- NAME\n${missing.join('\n')}`);
  }
  const before = await objects(ownerUrl);
  await orm.migrator.down({ to: 0 });
  const left = (await objects(ownerUrl)).filter((name) => !name.includes('schema_migration'));
  if (left.length > 0) throw new Error(`Migrations leave behind when taken down: ${left.join(', ')}`);
  await orm.migrator.up();
  const after = await objects(ownerUrl);
  if (before.join() !== after.join())
    throw new Error('Migrations up, down and up again end in another schema');
  console.log(`migrations match the entities; down and up again leaves the same ${after.length} objects`);
}

/** Names of everything a migration can make: relations, functions, triggers, constraints and policies. */
async function objects(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(`
      with mine as (select oid from pg_namespace where nspname = 'public')
      select 'relation ' || relname as name from pg_class where relnamespace in (select oid from mine)
        and not exists (select from pg_depend d where d.objid = pg_class.oid and d.deptype = 'e')
      union all select 'function ' || p.oid::regprocedure from pg_proc p where pronamespace in (select oid from mine)
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      union all select 'trigger ' || tgrelid::regclass || '.' || tgname from pg_trigger where not tgisinternal
      union all select 'constraint ' || conrelid::regclass || '.' || conname from pg_constraint where connamespace in (select oid from mine) and conrelid <> 0
      union all select 'policy ' || tablename || '.' || policyname from pg_policies
      order by 1`);
    return rows.map((row) => row.name);
  } finally {
    await client.end();
  }
}

async function create(orm: MikroORM, ownerUrl: string, name: string): Promise<void> {
  const statements = await difference(orm, ownerUrl);
  if (statements.length === 0) return console.log('Nothing to write: entities and migrations agree.');
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const file = `src/database/migrations/migration-${stamp}-${name}.ts`;
  const lines = statements.map((sql) => `    this.addSql(${quoted(sql.replace(/;$/, ''))});`).join('\n');
  writeFileSync(
    file,
    `import { Migration } from '@mikro-orm/migrations';\n\n/** Say here what this migration is for. */\nexport class Migration${stamp} extends Migration {\n  override up(): void {\n${lines}\n  }\n\n  override down(): void {\n    throw new Error('write the way back by hand');\n  }\n}\n`,
  );
  const list = 'src/database/migrations/migrations.ts';
  const text = readFileSync(list, 'utf8')
    .replace('\n/**', `import { Migration${stamp} } from './migration-${stamp}-${name}.js';\n\n/**`)
    .replace(/,?\s*\];\n$/, `,\n  Migration${stamp},\n];\n`);
  writeFileSync(list, text);
  console.log(`Wrote ${file}: check it, and write its down().`);
}

const quoted = (sql: string) =>
  sql.includes("'") ? `\`${sql.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\`` : `'${sql}'`;

const argument = process.argv[2] ?? '--check';
const home = mkdtempSync(join(tmpdir(), 'lawrei-migration-'));
const server = await startEmbeddedServer(home, [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
]);
try {
  await ensureDatabase((database) => server.ownerUrl(database), 'lawrei');
  const ownerUrl = server.ownerUrl('lawrei');
  const admin = new pg.Client({ connectionString: ownerUrl });
  await admin.connect();
  await ensureAppRole(admin, server.appPassword);
  await admin.end();
  const orm = new MikroORM(ormOptions(ENTITIES, { clientUrl: ownerUrl }));
  try {
    await orm.migrator.up();
    await (argument === '--check' ? check(orm, ownerUrl) : create(orm, ownerUrl, argument));
  } finally {
    await orm.close(true);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}
