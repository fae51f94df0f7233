import { CalendarHistories } from '../support/calendar-histories.js';
import { CrashApp } from '../support/crash-app.js';
import { Random } from '../support/random.js';
import { freshDatabase, leave, testHome, type TestDatabase } from '../support/test-database.js';

const HISTORIES = 20;
const STEPS = 12;
/** Every so manieth history loses its power in the middle. */
const KILLED = 10;
const SEED = 20_261_127;

describe('calendars', () => {
  let database: TestDatabase;
  let app: CrashApp;
  let histories: CalendarHistories;
  beforeAll(async () => {
    database = await freshDatabase();
    app = await CrashApp.start(database, `${testHome()}/calendar-histories`);
    histories = new CalendarHistories(app, database);
    await histories.open();
  }, 60_000);
  afterAll(async () => {
    await app.stop();
    await leave(database);
  });

  it(`agree with the bookings at the end of ${HISTORIES} random histories`, async () => {
    const faults: string[] = [];
    for (let at = 0; at < HISTORIES; at += 1) {
      const size = { steps: STEPS, kills: at % KILLED === 0 ? 1 : 0 };
      const wrong = await histories.run(new Random(SEED + at), size);
      faults.push(...wrong.map((fault) => `seed ${SEED + at}: ${fault}`));
    }
    expect(faults).toEqual([]);
  }, 300_000);
});
