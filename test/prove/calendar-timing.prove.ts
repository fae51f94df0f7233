import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { setUp, tearDown } from '../global-setup-impl.js';
import { eventIdOf } from '../../src/calendar/rules/desired-event.js';
import { SANDBOX_GOOGLE } from '../../src/sandbox/emulator/credentials.js';
import { arrivalsIn, CalendarLoad, type LoadedBooking } from '../support/calendar-load.js';
import { withCleanUp } from '../support/clean-up.js';
import { CrashApp } from '../support/crash-app.js';
import { medianOf, percentileOf } from '../support/kolmogorov-smirnov.js';
import { countNewSockets } from '../support/new-sockets.js';
import { Random } from '../support/random.js';
import { openSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { freshDatabase, leave } from '../support/test-database.js';
import { FRIDAY_9 } from '../support/texting.js';

/**
 * How fast bookings and calendars follow each other, and what a booking notices when Google is out: nothing. One node takes requests,
 * another works; Google is up and down in turn, refusing or silent, and each time half an hour of app time goes by.
 */
const ROUNDS = Number(process.env['CALENDAR_ROUNDS'] ?? 4);
const PER_SECOND = 10;
const DRAGS = 40;
const LOST = 5;
const SEED = Number(process.env['PROVE_SEED'] ?? 1);

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const database = await freshDatabase();
  keep(() => leave(database));
  const app = await TestApp.start({ calendar: true, database, env: { LAWREI_ROLE: 'api' } });
  keep(() => app.stop());
  const worker = await CrashApp.start(database, app.config.dataDir, {
    OUTBOX_LEASE_MS: '60000',
    OUTBOX_POLL_MS: '5000',
    PROVIDER_BREAKER_MS: '30000',
    MESSAGE_RECONCILE_MS: '60000',
  });
  keep(() => worker.end());
  let now = Date.parse(FRIDAY_9);
  await app.timeIs(FRIDAY_9);
  const salon = await openSalon(app, { staff: 40 });
  // More texts than a salon sends in a day.
  await app.sql('update business set sms_daily_budget = 1000000');
  const load = new CalendarLoad(app, salon);
  const random = new Random(SEED);
  const databasePort = Number(new URL(database.appUrl).port);
  const wrong: string[] = [];
  const mustBe = (isSo: boolean, what: string) => void (isSo || wrong.push(what));

  /** Each booking has its event, and nothing else stands there. */
  const inSync = async () => {
    const [row] = await app.sql<{ count: number }>(
      `select count(*)::int as count from booking b left join calendar_link l on l.booking_id = b.id
        where b.status = 'confirmed' and (l.synced_hash is null or l.booking_version <> b.version)`,
    );
    return row?.count === 0;
  };
  const quiet = async () => {
    await waitFor(inSync, 120_000);
    await pause(1_000);
  };
  const timed = async (): Promise<LoadedBooking[]> => {
    const { booked, sockets, now: later } = await load.throughHalfAnHour(now);
    now = later;
    mustBe(
      sockets === 0,
      `${sockets} sockets were opened to others than the database while bookings were made`,
    );
    mustBe(
      booked.every(({ status }) => status === 201),
      'a booking failed',
    );
    return booked;
  };
  const p95 = (times: readonly number[]) => percentileOf(times, 95);
  const tookOf = (booked: readonly LoadedBooking[]) => p95(booked.map(({ tookMs }) => tookMs));

  // Whatever counts sockets must be able to see one.
  const seeing = countNewSockets([databasePort]);
  await new Promise<void>((resolve, reject) => {
    get(
      `${worker.url}/health/live`,
      { agent: false },
      (answer) => void answer.resume().on('end', resolve),
    ).on('error', reject);
  });
  mustBe(seeing.stop() > 0, 'sockets are not seen');

  // The account is watched before it goes away.
  await waitFor(
    async () => (await app.sql('select 1 from calendar where channel_id is not null')).length > 0,
    90_000,
  );
  await load.run(100, PER_SECOND);
  await quiet();
  const ratios: number[] = [];
  const events: number[] = [];
  const texts = { up: [] as number[], down: [] as number[] };
  const mails = { up: [] as number[], down: [] as number[] };
  const healed: number[] = [];
  const drift: LoadedBooking[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { next } = await app.sandbox.log();
    const up = await timed();
    await quiet();
    const fault = round % 2 === 0 ? { status: 503 } : { hold: true };
    await app.sandbox.faults([{ match: { provider: 'google', path: '/calendar/' }, ...fault }]);
    const down = await timed();
    await app.sandbox.clearFaults();
    await app.sandbox.release();
    const cleared = performance.now();
    await waitFor(inSync, 300_000);
    healed.push((performance.now() - cleared) / 1_000);
    const arrivals = arrivalsIn((await app.sandbox.log(next)).entries);
    const textsOf = (booked: readonly LoadedBooking[]) =>
      booked.map(({ phone, answeredAt }) => (arrivals.texts.get(phone) ?? Infinity) - answeredAt);
    events.push(
      ...up.map(({ id, answeredAt }) => (arrivals.events.get(eventIdOf(id)) ?? Infinity) - answeredAt),
    );
    const mailsOf = (booked: readonly LoadedBooking[]) =>
      booked.map(({ email, answeredAt }) => (arrivals.mails.get(email) ?? Infinity) - answeredAt);
    texts.up.push(...textsOf(up));
    texts.down.push(...textsOf(down));
    mails.up.push(...mailsOf(up));
    mails.down.push(...mailsOf(down));
    ratios.push(tookOf(down) / tookOf(up));
    drift.push(...up);
    console.log(
      `round ${round + 1}: bookings p95 ${tookOf(up).toFixed(1)} ms up, ${tookOf(down).toFixed(1)} ms down; in sync after ${healed.at(-1)?.toFixed(1)} s`,
    );
    await quiet();
  }

  /** Somebody drags an event a week on; how long until the booking has followed. */
  const drag = async ({ id, start }: LoadedBooking, isTold = true): Promise<number> => {
    const from = Date.parse(start) + 7 * 86_400_000;
    const [first, last] = [from, from + 30 * 60_000].map((at) => new Date(at).toISOString());
    const event = { calendarId: SANDBOX_GOOGLE.calendarId, eventId: eventIdOf(id) };
    await app.sandbox.moveEvent({ ...event, start: first ?? '', end: last ?? '' });
    const began = performance.now();
    if (!isTold) {
      await pause(2_000);
      // As if ten minutes had gone by since it was read.
      await app.sql(`update calendar set synced_at = synced_at - interval '11 minutes'`);
    }
    await waitFor(async () => {
      const [row] = await app.sql<{ starts_at: Date }>('select starts_at from booking where id = $1', [id]);
      return row?.starts_at.getTime() === from;
    }, 60_000);
    return performance.now() - began;
  };
  const picked = random.shuffled(drift).slice(0, DRAGS + LOST);
  const told: number[] = [];
  for (const booking of picked.slice(0, DRAGS)) told.push(await drag(booking));
  await app.sandbox.faults([{ match: { provider: 'google', method: 'PUSH' }, status: 503 }]);
  const polled: number[] = [];
  for (const booking of picked.slice(DRAGS)) polled.push(await drag(booking, false));

  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  const ratio = medianOf(ratios);
  console.log(
    `result: events stand p95 ${seconds(p95(events))} after the answer (most 5 s), ${events.length} bookings at ${PER_SECOND} a second`,
  );
  console.log(
    `result: a drag has its effect p95 ${seconds(p95(told))} after it (most 10 s), ${DRAGS} drags; with pushes lost at the longest ${seconds(Math.max(...polled))} after the calendar is ten minutes old`,
  );
  console.log(
    `result: Google out for 30 min of app time, ${ROUNDS} times, refusing and silent in turn: p95 of bookings ${ratio.toFixed(2)} × (most 1.25), none failed, no socket but to the database`,
  );
  console.log(
    `result: texts p95 ${seconds(p95(texts.up))} with Google up, ${seconds(p95(texts.down))} without, mails ${seconds(p95(mails.up))} and ${seconds(p95(mails.down))}; in sync at the latest ${Math.max(...healed).toFixed(1)} s after Google is back (most 60 s)`,
  );
  mustBe(p95(events) < 5_000, 'events are late');
  mustBe(p95(told) < 10_000, 'drags are late');
  mustBe(Math.max(...polled) < 60_000, 'polls are late');
  mustBe(ratio <= 1.25, 'bookings are slower while Google is out');
  for (const [what, { up, down }] of Object.entries({ texts, mails }))
    mustBe(p95(down) < 5_000 && p95(down) <= 1.25 * p95(up) + 250, `${what} are held up`);
  mustBe(Math.max(...healed) <= 60, 'it heals too slowly');
  for (const line of wrong) console.error(line);
  process.exitCode = wrong.length > 0 ? 1 : 0;
});
