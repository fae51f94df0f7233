import { join } from 'node:path';
import { CrashApp } from '../support/crash-app.js';
import { CrashTrials, FAILPOINTS, type Trial } from '../support/crash-trials.js';
import { waitFor } from '../support/test-app.js';
import { freshDatabase, leave, testHome, type TestDatabase } from '../support/test-database.js';

const LONG_MS = 60_000;
type Attempts = Awaited<ReturnType<CrashTrials['crash']>>;

describe('an app that is killed while somebody books', () => {
  let database: TestDatabase;
  let app: CrashApp;
  let trials: CrashTrials;
  const everybody: Attempts = [];
  beforeAll(async () => {
    database = await freshDatabase();
    app = await CrashApp.start(database, join(testHome(), `crash-${process.pid}`));
    trials = new CrashTrials(app, database);
    await trials.open();
  }, LONG_MS);
  afterAll(async () => {
    await app?.stop();
    await leave(database);
  });

  it.each(FAILPOINTS)(
    'at %s: after the restart each text has been sent, none twice, and each booking stands whole or not at all',
    async (point) => {
      const trial: Trial = { point, nth: 1, hasEmail: false, isKeyed: FAILPOINTS.indexOf(point) % 2 === 0 };
      const attempts = await trials.crash(trial);
      await trials.recover(trial, attempts);
      everybody.push(...attempts);
      expect(await trials.faults(attempts)).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'with the provider’s list out of reach as well, does not send blindly: the text is put before people, and sent once the list answers',
    async () => {
      const sandbox = await app.sandbox();
      await sandbox.faults([{ match: { provider: 'twilio', method: 'GET' }, status: 500 }]);
      const trial: Trial = { point: 'message.after-call', nth: 1, hasEmail: false, isKeyed: false };
      const attempts = await trials.crash(trial);
      await app.restart();
      const phone = attempts[0]?.phone ?? '';
      const stateOf = async () =>
        (
          await trials.sql<{ state: string; flagged: boolean; attempts: number }>(
            `select state, flagged_at is not null as flagged, (select count(*)::int from message_attempt a where a.message_id = m.id) as attempts
             from message m where to_address = $1 and family = 'booking_confirmed'`,
            [phone],
          )
        )[0];
      await waitFor(async () => (await stateOf())?.flagged === true, 30_000);
      const flagged = await stateOf();
      // The welcome follows the confirmation as soon as people have that before them; the confirmation itself stays alone.
      const confirmations = async () => {
        const { sms } = await sandbox.state({ to: phone });
        return sms.filter(({ body }) => body === sms[0]?.body);
      };
      const sent = await confirmations();
      await sandbox.clearFaults();
      await trials.settled();
      const settled = await confirmations();
      everybody.push(...attempts);
      expect(flagged).toEqual({ state: 'unknown', flagged: true, attempts: 1 });
      expect([sent.length, settled.length]).toEqual([1, 1]);
      expect(await stateOf()).toMatchObject({
        attempts: 1,
        state: expect.stringMatching(/queued|accepted|sending|sent|delivered/),
      });
    },
    LONG_MS,
  );
});
