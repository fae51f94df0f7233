import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CrashApp } from '../support/crash-app.js';
import { aPhone } from '../support/factories.js';
import { openSalon } from '../support/salon.js';
import { waitFor } from '../support/test-app.js';
import { asOwner, freshDatabase, leave, testHome, type TestDatabase } from '../support/test-database.js';

const LONG_MS = 120_000;

describe('a worker that stands still beyond its lease', () => {
  let database: TestDatabase;
  let number = 0;
  beforeEach(async () => {
    database = await freshDatabase();
    number += 1;
  });
  afterEach(() => leave(database));

  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
    asOwner<Row>(database, text, values);
  const start = (env: Record<string, string> = {}) =>
    CrashApp.start(database, join(testHome(), `stale-${process.pid}-${number}`), env);
  /** Somebody books; whoever stands still may owe the answer too, so it is not waited for. */
  const book = async (app: CrashApp, phone: string) => {
    const salon = await openSalon({ sql }, { staff: 1 });
    await (await app.sandbox()).config({ stepMs: 1 });
    const day = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const customer = { name: 'Ada Lovelace', phone };
    void app.post('/api/bookings', { serviceId: salon.serviceId, start: `${day}T16:00:00Z`, customer });
  };
  const confirmation = () =>
    sql<{ id: string; began: boolean; went: boolean }>(
      `select m.id, exists (select from message_attempt a where a.message_id = m.id) as began, provider_id is not null as went
         from message m where family = 'booking_confirmed' and channel = 'sms'`,
    );
  const everything = () =>
    sql(
      `select m.state, m.provider_id, m.final_at, o.state as effect, o.attempt, o.finished_at, o.failures,
              (select json_agg(a order by a.number) from message_attempt a where a.message_id = m.id) as attempts
         from message m join outbox_message o on o.payload ->> 'messageId' = m.id::text
        where m.family = 'booking_confirmed' and m.channel = 'sms' and o.handler = 'message.send'`,
    );

  it.each(['message.after-begin', 'message.after-call', 'message.before-settle'] as const)(
    'at %s settles nothing when it wakes up, and sends nothing again',
    async (place) => {
      const stale = await start();
      let other: CrashApp | null = null;
      try {
        const phone = aPhone();
        await stale.arm(place, 1, 'SIGSTOP');
        await book(stale, phone);
        await waitFor(async () => (await confirmation())[0]?.began === true, 30_000);
        other = await start();
        await waitFor(async () => (await confirmation())[0]?.went === true, 60_000);
        await waitFor(async () => (await everything())[0]?.['final_at'] !== null, 30_000);
        const before = await everything();
        stale.thaw();
        await stale.close();
        expect(before).toHaveLength(1);
        expect(await everything()).toEqual(before);
        const texts = (await (await other.sandbox()).state({ to: phone })).sms;
        expect(texts.filter(({ body }) => body.includes('confirmed'))).toHaveLength(1);
      } finally {
        stale.thaw();
        await other?.end();
        await stale.stop();
      }
    },
    LONG_MS,
  );

  it(
    'and wakes up before anybody took over, sends what it had begun, once',
    async () => {
      const app = await start({ OUTBOX_LEASE_MS: '9000' });
      try {
        const phone = aPhone();
        await app.arm('message.after-begin', 1, 'SIGSTOP');
        await book(app, phone);
        await waitFor(async () => (await confirmation())[0]?.began === true, 30_000);
        await pause(6_500);
        app.thaw();
        await waitFor(async () => (await confirmation())[0]?.went === true, 30_000);
        const [{ attempts }] = (await everything()) as [{ attempts: { outcome: string }[] }];
        // A look that was under way when it stood still may claim the message after that: its lease is as old, so it is put off once more.
        const outcomes = attempts.map(({ outcome }) => outcome);
        expect(['refused,accepted', 'refused,refused,accepted']).toContain(outcomes.join());
        const texts = (await (await app.sandbox()).state({ to: phone })).sms;
        expect(texts.filter(({ body }) => body.includes('confirmed'))).toHaveLength(1);
      } finally {
        app.thaw();
        await app.stop();
      }
    },
    LONG_MS,
  );
});
