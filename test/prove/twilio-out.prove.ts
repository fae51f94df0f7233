import { setUp, tearDown } from '../global-setup-impl.js';
import { arrivalsIn, CalendarLoad, type LoadedBooking } from '../support/calendar-load.js';
import { withCleanUp } from '../support/clean-up.js';
import { CrashApp } from '../support/crash-app.js';
import { planReminders } from '../support/due-reminders.js';
import { medianOf, percentileOf } from '../support/kolmogorov-smirnov.js';
import { openSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { freshDatabase, leave } from '../support/test-database.js';
import { FRIDAY_9 } from '../support/texting.js';

/**
 * What is noticed when Twilio is out for half an hour of app time, refusing or silent: bookings nothing, e-mails nothing, texts come
 * afterwards, and reminders that are late go as e-mails. One node takes requests, another works.
 */
const ROUNDS = Number(process.env['TWILIO_ROUNDS'] ?? 4);
const REMINDERS = 50;
const HALF_HOUR_MS = 30 * 60_000;
const BREAKER_MS = 30_000;

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const database = await freshDatabase();
  keep(() => leave(database));
  const app = await TestApp.start({ database, env: { LAWREI_ROLE: 'api' } });
  keep(() => app.stop());
  const worker = await CrashApp.start(database, app.config.dataDir, {
    OUTBOX_LEASE_MS: '60000',
    OUTBOX_POLL_MS: '5000',
    PROVIDER_BREAKER_MS: String(BREAKER_MS),
    MESSAGE_RECONCILE_MS: '5000',
  });
  keep(() => worker.end());
  let now = Date.parse(FRIDAY_9);
  await app.timeIs(FRIDAY_9);
  const salon = await openSalon(app, { staff: 40 });
  await app.sql('update business set sms_daily_budget = 1000000');
  const load = new CalendarLoad(app, salon);
  const wrong: string[] = [];
  const mustBe = (isSo: boolean, what: string) => void (isSo || wrong.push(what));
  const count = async (where: string) => {
    const [row] = await app.sql<{ count: number }>(
      `select count(*)::int as count from message where direction = 'out' and ${where}`,
    );
    return row?.count ?? 0;
  };
  const UNSENT = `due_at <= app_now() and final_at is null and provider_id is null`;
  const timed = async (): Promise<LoadedBooking[]> => {
    const { booked, sockets, now: later } = await load.throughHalfAnHour(now);
    now = later;
    mustBe(sockets === 0, `${sockets} sockets were opened by requests`);
    mustBe(
      booked.every(({ status }) => status === 201),
      'a booking failed',
    );
    return booked;
  };
  const p95 = (times: readonly number[]) => percentileOf(times, 95);
  const tookOf = (booked: readonly LoadedBooking[]) => p95(booked.map(({ tookMs }) => tookMs));

  await load.run(100, 10);
  const [ratios, mails, healed]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const up = await timed();
    await waitFor(async () => (await count(UNSENT)) === 0, 120_000);
    const { next } = await app.sandbox.log();
    const fault = round % 2 === 0 ? { status: 503 } : { hold: true };
    await app.sandbox.faults([{ match: { provider: 'twilio' }, ...fault }]);
    const down = await timed();
    const arrivals = arrivalsIn((await app.sandbox.log(next)).entries);
    mails.push(...down.map(({ email, answeredAt }) => (arrivals.mails.get(email) ?? Infinity) - answeredAt));
    await app.sandbox.clearFaults();
    await app.sandbox.release();
    const began = performance.now();
    await waitFor(async () => (await count(UNSENT)) === 0, 300_000);
    healed.push((performance.now() - began) / 1_000);
    ratios.push(tookOf(down) / tookOf(up));
    console.log(
      `round ${round + 1}: bookings p95 ${tookOf(up).toFixed(1)} ms up, ${tookOf(down).toFixed(1)} ms down; all sent after ${healed.at(-1)?.toFixed(1)} s`,
    );
  }

  // Reminders that fall into an outage of an hour and more: their text is given up for an e-mail.
  await app.sandbox.faults([{ match: { provider: 'twilio' }, status: 503 }]);
  await planReminders(app, { count: REMINDERS, from: new Date(now), overMs: 1_000 });
  await app.sql(`update customer set email = 'reminded-' || id || '@example.com' where email is null`);
  await app.timeIs(new Date(now + 1_000).toISOString());
  await waitFor(async () => (await count(`family = 'booking_reminder' and reason is not null`)) > 0, 60_000);
  await app.timeIs(new Date(now + 2 * HALF_HOUR_MS + 2_000).toISOString());
  const late = performance.now();
  await waitFor(
    async () =>
      (await count(`family = 'booking_reminder' and channel = 'email' and provider_id is not null`)) ===
      REMINDERS,
    180_000,
  );
  const fellBack = (performance.now() - late) / 1_000;
  await app.sandbox.clearFaults();

  const ends = await app.sql<{ state: string; count: number }>(
    `select state, count(*)::int as count from message where channel = 'sms' and due_at <= app_now() group by state order by state`,
  );
  const { sms } = await app.sandbox.state();
  const texts = await count(`channel = 'sms' and provider_id is not null`);
  const ratio = medianOf(ratios);
  console.log(
    `result: Twilio out for 30 min of app time, ${ROUNDS} times, refusing and silent in turn: p95 of bookings ${ratio.toFixed(2)} × (most 1.25), none failed, no socket but to the database`,
  );
  console.log(
    `result: e-mails p95 ${(p95(mails) / 1_000).toFixed(2)} s after the answer while Twilio is out; all texts are sent at the latest ${Math.max(...healed).toFixed(1)} s after it is back`,
  );
  console.log(
    `result: ${REMINDERS} reminders an hour late went as e-mails ${fellBack.toFixed(1)} s later (most 60 after the breaker's ${BREAKER_MS / 1_000})`,
  );
  console.log(
    `result: texts ended as ${ends.map((row) => `${row.state} ${row.count}`).join(', ')}; ${sms.length} at Twilio for ${texts} of ours`,
  );
  mustBe(ratio <= 1.25, 'bookings are slower while Twilio is out');
  mustBe(p95(mails) < 60_000, 'e-mails are held up');
  mustBe(fellBack <= 60 + BREAKER_MS / 1_000, 'the fallback is late');
  mustBe(sms.length === texts, 'a text was sent twice');
  mustBe(
    ends.every(({ state }) =>
      ['queued', 'accepted', 'sending', 'sent', 'delivered', 'superseded', 'expired'].includes(state),
    ),
    'a text has no end',
  );
  for (const line of wrong) console.error(line);
  process.exitCode = wrong.length > 0 ? 1 : 0;
});
