import type { EntityClass } from '@mikro-orm/core';
import { MikroORM } from '@mikro-orm/postgresql';
import { WORKER } from '../../src/common/actor.js';
import { Booking } from '../../src/bookings/entities/booking.entity.js';
import { Customer } from '../../src/customers/entities/customer.entity.js';
import { Database } from '../../src/database/database.service.js';
import { ENTITIES } from '../../src/entities.js';
import { RandomYear } from '../support/random-year.js';
import { Random } from '../support/random.js';
import { TestApp } from '../support/test-app.js';

const BOOKINGS = 60;

describe('a detached entity', () => {
  let app: TestApp;
  let database: Database;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    database = app.get(Database);
    await new RandomYear(app, new Random(11)).write(BOOKINGS);
    await app.sql(
      `update customer set birthday = '1990-02-28', email_verified_at = now() where email is not null`,
    );
  });
  afterAll(() => app.stop());

  const all = async <E extends object>(entity: EntityClass<E>) => {
    const { tableName } = app.get(MikroORM).getMetadata(entity);
    const statement = { name: `all-${tableName}`, text: `select * from "${tableName}"` };
    const [rows] = await database.ask(WORKER, [
      { statement, values: [], answer: (found, seen) => seen.as(entity, found) },
    ]);
    return rows;
  };

  it('is, property by property, what the entity manager makes of the same row', async () => {
    const entities: readonly EntityClass<object>[] = ENTITIES;
    const compared: string[] = [];
    for (const entity of entities) {
      const { tableName, props, primaryKeys } = app.get(MikroORM).getMetadata(entity);
      const plain = (row: object) => props.map(({ name }) => [name, Reflect.get(row, name) ?? null]);
      const keyed = (rows: readonly object[]) =>
        new Map(rows.map((row) => [primaryKeys.map((key) => Reflect.get(row, key)).join(), plain(row)]));
      const managed = await database.transact(WORKER, async (em) => keyed(await em.find(entity, {})));
      expect([tableName, keyed(await all(entity))]).toEqual([tableName, managed]);
      if (managed.size > 0) compared.push(tableName);
    }
    expect(compared).toEqual(expect.arrayContaining(['booking', 'customer', 'payment', 'refund']));
  });

  it('judges by the rules of its class, and is written by nobody', async () => {
    const [booking] = await all(Booking);
    if (!booking) throw new Error('there is no booking');
    expect(booking).toBeInstanceOf(Booking);
    expect(booking.netPaidMinor).toBe(booking.paidMinor - booking.refundedMinor);
    await database.transact(WORKER, async () => {
      const [customer] = await all(Customer);
      if (customer) Reflect.set(customer, 'name', 'Somebody else');
    });
    expect((await all(Customer)).filter(({ name }) => name === 'Somebody else')).toEqual([]);
  });
});
