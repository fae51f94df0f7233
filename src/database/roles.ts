import pg from 'pg';

/** What the app's role may cost the server, set on the role itself. */
const ROLE_SETTINGS = [
  "statement_timeout = '5s'",
  "lock_timeout = '2s'",
  "idle_in_transaction_session_timeout = '10s'",
  // Only hand-written statements are prepared; planning one anew each time costs more than running it.
  'plan_cache_mode = force_generic_plan',
];

/** Any number that no other user of advisory locks takes: it serialises concurrent first boots. */
const BOOT_LOCK = 715_517;

/** A connection of its own, for as long as the work takes. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs the work as the only booting process of this database. */
export function asOnlyBooter<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withClient(ownerUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [BOOT_LOCK]);
    return work(client);
  });
}

/** Makes or renews `lawrei_app`: it owns nothing, is no superuser, and row-level security always binds it. */
export async function ensureAppRole(client: pg.Client, password: string | null): Promise<void> {
  const { rows } = await client.query("select 1 from pg_roles where rolname = 'lawrei_app'");
  if (rows.length === 0) {
    await client.query('create role lawrei_app login nosuperuser nocreatedb nocreaterole nobypassrls');
  }
  if (password !== null)
    await client.query(`alter role lawrei_app password ${client.escapeLiteral(password)}`);
  for (const setting of ROLE_SETTINGS) await client.query(`alter role lawrei_app set ${setting}`);
  await client.query('grant usage on schema public to lawrei_app');
  await client.query(
    'alter default privileges in schema public grant select, insert, update, delete on tables to lawrei_app',
  );
}

/** Refuses to run as somebody whom row-level security does not bind: every isolation test would prove nothing. */
export async function proveAppRole(appUrl: string): Promise<void> {
  await withClient(appUrl, async (client) => {
    const { rows } = await client.query(
      `select r.rolsuper or r.rolbypassrls as mighty,
              exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                      where n.nspname = 'public' and c.relowner = r.oid) as owner
         from pg_roles r where r.rolname = current_user`,
    );
    if (rows[0]?.mighty || rows[0]?.owner) {
      throw new Error(
        'The app’s database role is a superuser, bypasses row-level security or owns tables; use a plain role.',
      );
    }
  });
}

/** The URL of the same database for `lawrei_app`. */
export function appUrlOf(ownerUrl: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = 'lawrei_app';
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Creates the database when the server has none of that name yet. */
export async function ensureDatabase(ownerUrl: (database: string) => string, name: string): Promise<void> {
  await withClient(ownerUrl('postgres'), async (client) => {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rows.length === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
}
