import { join } from 'node:path';
import { CrashApp } from '../support/crash-app.js';
import { PAYMENT_FAILPOINTS, PaymentCrashTrials } from '../support/payment-crash-trials.js';
import { freshDatabase, leave, testHome, type TestDatabase } from '../support/test-database.js';

const LONG_MS = 90_000;

describe('an app that is killed while somebody pays', () => {
  let database: TestDatabase;
  let app: CrashApp;
  let trials: PaymentCrashTrials;
  beforeAll(async () => {
    database = await freshDatabase();
    app = await CrashApp.start(database, join(testHome(), `payment-crash-${process.pid}`));
    trials = new PaymentCrashTrials(app, database);
    await trials.open();
  }, LONG_MS);
  afterAll(async () => {
    await app?.stop();
    await leave(database);
  });

  it.each(PAYMENT_FAILPOINTS)(
    'at %s: after the restart it was charged once, confirmed, and given back once',
    async (point) => expect(await trials.run(point)).toEqual([]),
    LONG_MS,
  );
});
