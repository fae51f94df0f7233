import { newId } from '../../src/common/ids.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

/**
 * Tables whose rows are not given: a guest never signs in, the guest's own row says whose it is now, and a wish to have a guest
 * forgotten is none to have the customer forgotten.
 */
const NOT_GIVEN = ['customer', 'session', 'erasure_request'];

describe('what a guest had, given to the customer who proved the contact', () => {
  let bare: BareDatabase;
  beforeAll(async () => (bare = await bareDatabase()));
  afterAll(() => bare.close());

  it('is all there is: no table with a customer is left out', async () => {
    const tables = await bare.sql(
      `select distinct conrelid::regclass::text as name from pg_constraint where contype = 'f' and confrelid = 'customer'::regclass order by 1`,
    );
    const [body] = await bare.sql(`select pg_get_functiondef('merge_customer'::regproc) as text`);
    const left = tables
      .map(({ name }) => String(name))
      .filter(
        (name) =>
          !NOT_GIVEN.includes(name) && !String(body?.['text']).includes(`update ${name} set customer_id`),
      );
    expect(tables.length).toBeGreaterThan(8);
    expect(left).toEqual([]);
  });

  it('is a guest’s alone: neither a customer who proved a contact, nor oneself, nor one that was given before', async () => {
    const [keeper, proven, guest] = [newId(), newId(), newId()];
    await bare.sql(`insert into customer (id, name) values ('${keeper}', 'Ada'), ('${guest}', 'Guest')`);
    await bare.sql(
      `insert into customer (id, name, email, email_verified_at) values ('${proven}', 'Ben', 'ben@example.com', now())`,
    );
    const merge = (from: string) => bare.sql(`select merge_customer('${from}', '${keeper}')`);
    await expect(merge(proven)).rejects.toThrow('only a guest can be merged');
    await expect(merge(keeper)).rejects.toThrow('only a guest can be merged');
    await merge(guest);
    await expect(merge(guest)).rejects.toThrow('only a guest can be merged');
  });
});
