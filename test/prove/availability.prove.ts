import { setTimeout as pause } from 'node:timers/promises';
import type { Answered } from '../load/open-loop.js';
import { failuresOf, isServed, lostOf, TwoNodes } from '../load/two-nodes.js';
import { withCleanUp } from '../support/clean-up.js';
import { percentileOf } from '../support/kolmogorov-smirnov.js';
import { Random } from '../support/random.js';
import { TestRedis } from '../support/redis.js';

/** Half an hour in which everything is restarted or killed that can be, and how many requests were served all the same. */
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const MINUTES = Number(process.env['CHAOS_MINUTES'] ?? 30);
const BOOKINGS = Number(process.env['CHAOS_BOOKINGS'] ?? 60_000);
const PER_SECOND = 50;
const CALM_MS = 30_000;
const GOOD_SHARE = 0.999;
const REDIS_AWAY_MS = 3_000;

await withCleanUp(async (keep) => {
  const random = new Random(SEED);
  const redis = await TestRedis.start();
  keep(() => redis.stop());
  const both = await TwoNodes.start(keep, random, { count: BOOKINGS, env: { REDIS_URL: redis.url } });

  const deploys = () => both.restartAll();
  const killed = () => both.restart(random.int(0, 1), 'kill');
  const withoutRedis = async () => {
    await redis.kill();
    await pause(REDIS_AWAY_MS);
    await redis.rise();
  };
  const blows: readonly (() => Promise<void>)[] = [
    ...Array.from({ length: 3 }, () => deploys),
    ...Array.from({ length: 10 }, () => killed),
    ...Array.from({ length: 3 }, () => withoutRedis),
    () => both.database.restart(),
  ];
  const order = blows.map((blow) => ({ blow, at: random.next() })).toSorted((a, b) => a.at - b.at);

  const calm = both.load(PER_SECOND);
  await pause(CALM_MS);
  await calm.stop();
  const load = both.load(PER_SECOND);
  const began = performance.now();
  for (const [nth, { blow }] of order.entries()) {
    const due = began + ((nth + 0.5) / order.length) * MINUTES * 60_000;
    await pause(Math.max(0, due - performance.now()));
    await blow();
  }
  await pause(Math.max(0, began + MINUTES * 60_000 - performance.now()));
  await load.stop();

  const shareOf = (answered: readonly Answered[]) => answered.filter(isServed).length / answered.length;
  const [steady, share] = [shareOf(calm.answered), shareOf(load.answered)];
  failuresOf(calm.answered);
  const failed = failuresOf(load.answered);
  const { promised, lost } = await lostOf(both.database, [...calm.answered, ...load.answered]);
  const times = load.answered.map(({ ms }) => ms);
  console.log(
    `result: ${MINUTES} minutes at ${PER_SECOND} requests a second with 3 deployments, 10 nodes killed, Redis killed 3 times and PostgreSQL restarted: ${(share * 100).toFixed(3)} % of ${load.answered.length} served, ${failed.length} not (at least 99.9 %); p50 ${percentileOf(times, 50).toFixed(0)} ms, p99 ${percentileOf(times, 99).toFixed(0)} ms`,
  );
  console.log(
    `result: before it ${(steady * 100).toFixed(3)} % of ${calm.answered.length} served; of ${promised} bookings that were promised ${lost} are lost`,
  );
  process.exitCode = share >= GOOD_SHARE && steady === 1 && lost === 0 ? 0 : 1;
});
