import { setTimeout as pause } from 'node:timers/promises';
import { setUp, tearDown } from '../global-setup-impl.js';
import { withCleanUp } from '../support/clean-up.js';
import { CrashApp } from '../support/crash-app.js';
import { planReminders } from '../support/due-reminders.js';
import { percentileOf } from '../support/kolmogorov-smirnov.js';
import { Random } from '../support/random.js';
import { TestRedis } from '../support/redis.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { freshDatabase, leave } from '../support/test-database.js';

/** Reminders due all at once, and over a minute, on two workers: in process and with Bull, undisturbed, with workers killed, and with Redis emptied. */
const COUNT = Number(process.env['REMINDERS'] ?? 10_000);
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const MINUTE_MS = 60_000;
const LEAD_MS = 5_000;
const EVERY_MS = 5_000;
/** Where nothing dies and they come one after the other. */
const MOST_LATE_S = 10;
const MONDAY_10 = Date.parse('2030-03-04T15:00:00Z');

interface Trouble {
  name: string;
  withBull: boolean;
  isAtOnce?: boolean;
  isKilled?: boolean;
  isEmptied?: boolean;
  /** Most seconds from the first due time until all are sent. */
  within: number;
}

const TROUBLES: readonly Trouble[] = [
  { name: 'in process', withBull: false, isAtOnce: true, within: 60 },
  { name: 'with Bull', withBull: true, isAtOnce: true, within: 60 },
  { name: 'in process', withBull: false, within: 60 + MOST_LATE_S },
  { name: 'with Bull', withBull: true, within: 60 + MOST_LATE_S },
  { name: 'in process, a worker killed every 5 s', withBull: false, isKilled: true, within: 120 },
  {
    name: 'with Bull, a worker killed and Redis emptied every 5 s',
    withBull: true,
    isKilled: true,
    isEmptied: true,
    within: 120,
  },
];

const wrong: string[] = [];

async function drain(
  { name, withBull, isAtOnce, isKilled, isEmptied, within }: Trouble,
  random: Random,
): Promise<void> {
  await withCleanUp(async (keep) => {
    const database = await freshDatabase();
    keep(() => leave(database));
    const redis = withBull ? await TestRedis.start() : null;
    if (redis) keep(() => redis.stop());
    const app = await TestApp.start({ database, env: { LAWREI_ROLE: 'api' } });
    keep(() => app.stop());
    await app.sql('update business set sms_daily_budget = 1000000');
    const from = new Date(MONDAY_10 + LEAD_MS);
    await app.timeIs(new Date(MONDAY_10).toISOString());
    const env = {
      ...{
        OUTBOX_LEASE_MS: '20000',
        OUTBOX_POLL_MS: '5000',
        PROVIDER_BREAKER_MS: '30000',
        MESSAGE_RECONCILE_MS: '1000',
      },
      ...(redis ? { REDIS_URL: redis.url } : {}),
    };
    const workers = [
      await CrashApp.start(database, app.config.dataDir, env),
      await CrashApp.start(database, app.config.dataDir, env),
    ];
    for (const worker of workers) keep(() => worker.end());
    await planReminders(app, { count: COUNT, from, overMs: isAtOnce ? 1 : MINUTE_MS });
    await app.timeIs(new Date(MONDAY_10).toISOString());
    const began = Date.now();
    let isOver = false;
    const disturbing = (async () => {
      while (!isOver && (isKilled || isEmptied)) {
        await pause(EVERY_MS);
        if (isEmptied) await redis?.client.flushall();
        const worker = workers[random.int(0, 1)];
        if (!isKilled || !worker || isOver) continue;
        await worker.end();
        await worker.restart();
      }
    })();
    // Asked seldom: each question reads them all.
    await waitFor(async () => {
      await pause(500);
      const [row] = await app.sql<{ open: number }>(
        `select count(*)::int as open from message where family = 'booking_reminder' and provider_id is null and final_at is null`,
      );
      return row?.open === 0;
    }, 600_000);
    isOver = true;
    const seconds = (Date.now() - began - LEAD_MS) / 1_000;
    await disturbing;
    const { sms } = await app.sandbox.state();
    const dueAt = new Map(
      (
        await app.sql<{ to_address: string; due_at: Date }>(
          `select to_address, due_at from message where family = 'booking_reminder'`,
        )
      ).map((row) => [row.to_address, row.due_at.getTime() - MONDAY_10 + began]),
    );
    const late = sms.map(({ to, at }) => (Date.parse(at) - (dueAt.get(to) ?? 0)) / 1_000);
    const counts = new Map<string, number>();
    for (const { to } of sms) counts.set(to, (counts.get(to) ?? 0) + 1);
    const doubled = [...counts.values()].filter((count) => count > 1).length;
    const lost = COUNT - counts.size;
    console.log(
      `result: ${COUNT} reminders due ${isAtOnce ? 'at once' : 'over a minute'} on two workers, ${name}: all sent ${seconds.toFixed(0)} s after the first was due, p99 ${percentileOf(late, 99).toFixed(1)} s late, ${lost} lost, ${doubled} sent twice`,
    );
    const isLate = !isKilled && !isAtOnce && percentileOf(late, 99) > MOST_LATE_S;
    if (lost > 0 || doubled > 0 || seconds > within || isLate) wrong.push(name);
  });
}

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const random = new Random(SEED);
  for (const trouble of TROUBLES) await drain(trouble, random);
  for (const name of wrong) console.error(`not as it must be: ${name}`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
});
