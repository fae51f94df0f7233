import { PUBLIC, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { run, statement } from '../../src/database/statement.js';
import { castOf, type Cast } from '../support/cast.js';
import { aCustomerActor } from '../support/factories.js';
import { TestApp } from '../support/test-app.js';

/** Row-level security by itself: no guard, no *where*, every table, every kind of stranger, reading and writing. */
describe('row-level security', () => {
  let app: TestApp;
  let cast: Cast;
  let tables: string[];
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    cast = await castOf(app);
    await app.sql(
      `insert into message_attempt (id, message_id, customer_id, channel, number, started_at) values ($1, $2, $3, 'sms', 1, now())`,
      [newId(), cast.ada.messageId, cast.ada.customerId],
    );
    const rows = await app.sql<{ name: string }>(
      `select relname as name from pg_class where relrowsecurity and relkind = 'r' order by 1`,
    );
    tables = rows.map(({ name }) => name);
  });
  afterAll(() => app.stop());

  const strangers = (): Record<string, Actor> => ({
    'another customer': aCustomerActor(cast.ben.customerId),
    'the guest of another booking': { kind: 'guest', bookingId: cast.ben.bookingId, sessionId: newId() },
    nobody: PUBLIC,
  });
  const ownerOf = (table: string) => (table === 'customer' ? 'id' : 'customer_id');
  /** Which of Ada's tables an actor sees a row of, or could have changed one of. */
  const reached = async (
    actor: Actor,
    text: (table: string, column: string) => string,
  ): Promise<string[]> => {
    const found: string[] = [];
    for (const table of tables) {
      const rows = await app
        .get(Database)
        .transact(actor, (em) =>
          run(
            em,
            statement(`${actor.kind}-${text('', '').slice(0, 6)}-${table}`, text(table, ownerOf(table))),
            [cast.ada.customerId],
          ),
        );
      if (rows.length > 0) found.push(table);
    }
    return found;
  };
  const reading = (table: string, column: string) => `select 1 from ${table} where ${column} = $1`;
  const writing = (table: string, column: string) =>
    `update ${table} set ${column} = ${column} where ${column} = $1 returning 1`;

  it('has something of Ada’s to keep in every table, which Ada herself sees', async () => {
    expect(tables.length).toBeGreaterThanOrEqual(11);
    expect(await reached(aCustomerActor(cast.ada.customerId), reading)).toEqual(tables);
  });

  it('shows none of it to a stranger', async () => {
    for (const [who, actor] of Object.entries(strangers()))
      expect([who, await reached(actor, reading)]).toEqual([who, []]);
  });

  it('lets no stranger write any of it, where the app may write at all', async () => {
    const appendOnly = ['booking_event', 'consent'];
    tables = tables.filter((table) => !appendOnly.includes(table));
    for (const [who, actor] of Object.entries(strangers()))
      expect([who, await reached(actor, writing)]).toEqual([who, []]);
    expect(await reached(aCustomerActor(cast.ada.customerId), writing)).toEqual(tables);
  });
});
