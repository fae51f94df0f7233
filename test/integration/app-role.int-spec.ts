import { PUBLIC } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Business } from '../../src/business/entities/business.entity.js';
import { proveAppRole } from '../../src/database/roles.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

describe('the app’s role', () => {
  let bare: BareDatabase;
  beforeAll(async () => {
    bare = await bareDatabase();
  });
  afterAll(() => bare.close());

  it('is accepted when row-level security binds it, and refused as owner or superuser', async () => {
    await expect(proveAppRole(bare.urls.appUrl)).resolves.toBeUndefined();
    await expect(proveAppRole(bare.urls.ownerUrl)).rejects.toThrow('superuser');
  });

  it('holds row-level security, forced, on every table with a customer’s data', async () => {
    const rows = await bare.sql(
      `select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced, count(p.polname)::int as policies
         from pg_class c left join pg_policy p on p.polrelid = c.oid
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          and (c.relname = 'customer' or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'customer_id'))
        group by 1, 2 order by 1`,
    );
    const exempt = ['session', 'erasure_ledger']; // read before an actor exists, or by nobody; ids only
    expect(
      rows.filter(
        (row) => !exempt.includes(String(row['relname'])) && (!row['forced'] || row['policies'] === 0),
      ),
    ).toEqual([]);
    expect(rows.length).toBeGreaterThan(4);
  });

  it('cannot change history, consent or the audit log', async () => {
    for (const table of ['booking_event', 'consent', 'audit_log']) {
      const rows = await bare.sql(
        `select privilege_type from information_schema.role_table_grants where table_name = $1 and grantee = 'lawrei_app' order by 1`,
        [table],
      );
      expect(rows.map((row) => row['privilege_type'])).toEqual(['INSERT', 'SELECT']);
    }
    await bare.sql(`insert into audit_log (id, actor_kind, action) values ($1, 'system', 'test')`, [newId()]);
    await expect(bare.sql(`update audit_log set action = 'other'`)).rejects.toThrow('append-only');
    await expect(bare.sql(`delete from audit_log`)).rejects.toThrow('append-only');
  });

  it('cannot end what is kept in any other way than by the rules, nor take a rule away', async () => {
    const as = (text: string) => bare.database.pools.workers.query(text);
    for (const text of [
      'delete from consent',
      'delete from audit_log',
      'delete from retention_rule',
      `insert into retention_rule (data_class, months) values ('notes', 1)`,
      'delete from erasure_ledger',
    ])
      await expect(as(text)).rejects.toThrow('permission denied');
    // A setting that anybody may set opens nothing without the grant.
    await expect(
      as(`select set_config('app.retention_ends', 'yes', true); delete from consent`),
    ).rejects.toThrow('permission denied');
    await expect(as('drop table audit_log_rest')).rejects.toThrow('must be owner');
  });

  it('reads the salon, which is nobody’s personal data, as anybody', async () => {
    await bare.sql(
      `insert into business (id, name, time_zone, currency) values ($1, 'Salon', 'UTC', 'USD')`,
      [newId()],
    );
    const found = await bare.database.transact(PUBLIC, (em) => em.find(Business, {}));
    expect(found).toHaveLength(1);
    await expect(
      bare.sql(`insert into business (id, name, time_zone, currency) values ($1, 'Second', 'UTC', 'USD')`, [
        newId(),
      ]),
    ).rejects.toThrow('business_only_one');
  });
});
