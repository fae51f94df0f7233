import type { TestApp } from './test-app.js';

/** What changes by being asked, whatever the answer: denials and sign-ins on record, last-seen, failures and requests counted. */
const EVERYBODYS = ['audit_log', 'session', 'security_counter', 'schema_migration', 'request_tally'];

/** A checksum of the rows of each table, to show that nothing was written; `besides` are tables not looked at. */
export async function checksums(
  app: Pick<TestApp, 'sql'>,
  besides: readonly string[] = [],
): Promise<Record<string, string>> {
  const tables = await app.sql<{ name: string }>(
    `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' and not c.relispartition and relname <> all($1) order by 1`,
    [[...EVERYBODYS, ...besides]],
  );
  const sums = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await app.sql<{ sum: string }>(
        `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum from "${name}" t`,
      );
      return [name, row?.sum ?? ''] as const;
    }),
  );
  return Object.fromEntries(sums);
}
