import { BOOT } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { BUSINESS_SEED } from '../../src/business/business.sql.js';
import { run } from '../../src/database/statement.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

const ROUNDS = 60;

describe('the first boot of several processes at once', () => {
  let bare: BareDatabase;
  beforeAll(async () => {
    bare = await bareDatabase();
  });
  afterAll(() => bare.close());

  it('gives the salon one row, and stops none of them', async () => {
    const boot = () =>
      bare.database.transact(BOOT, (em) =>
        run(em, BUSINESS_SEED, [newId(), 'Salon', '1 High Street', 'UTC', 'USD']),
      );
    for (let round = 0; round < ROUNDS; round += 1) {
      await bare.sql('delete from business');
      await Promise.all(Array.from({ length: 8 }, boot));
      expect(await bare.sql('select name from business')).toEqual([{ name: 'Salon' }]);
    }
  });
});
