import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { EffectWire } from '../../src/outbox/effect-wire.js';
import { HandlerRegistry } from '../../src/outbox/handler.registry.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import type { Effect } from '../../src/outbox/outbox.types.js';
import { RedisLines } from '../../src/outbox/redis-lines.js';
import { Relay } from '../../src/outbox/relay.js';
import { REDIS_OPTIONS, RedisConnection } from '../../src/redis/redis.service.js';
import { theOwner } from '../support/factories.js';
import { CrashApp } from '../support/crash-app.js';
import { HAS_REDIS, TestRedis } from '../support/redis.js';
import { bookAsGuest, openSalon } from '../support/salon.js';
import { at } from '../support/portal.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { asOwner, freshDatabase, leave, testHome } from '../support/test-database.js';
import { FRIDAY_9, texting } from '../support/texting.js';

const suite = HAS_REDIS ? describe : describe.skip;

suite('with Redis', () => {
  let redis: TestRedis;
  let app: TestApp;
  let other: TestApp;
  const done: string[] = [];
  beforeAll(async () => {
    redis = await TestRedis.start();
    const env = { REDIS_URL: redis.url, OUTBOX_POLL_MS: '200' };
    app = await TestApp.start({ env });
    other = await TestApp.start({ env, database: app.database });
    for (const [name, node] of Object.entries({ app, other })) {
      const handle = async ({ payload }: Effect) => void done.push(`${String(payload['n'])} ${name}`);
      node
        .get(HandlerRegistry)
        .register({ name: 'test.hinted', topics: ['test.hinted'], handler: { handle } });
    }
    await isUp();
  });
  beforeEach(async () => {
    done.length = 0;
    await isUp();
  });
  afterAll(async () => {
    await other.stop();
    await app.stop();
    await redis.stop();
  });

  const isUp = () =>
    waitFor(async () =>
      [app, other].every((node) => node.get(EffectWire).isUp && node.get(RedisConnection).isUp),
    );
  const add = async (count: number) => {
    const n = newId();
    await app.get(Database).transact(WORKER, async (em) => {
      for (let index = 0; index < count; index += 1)
        await app.get(Outbox).add(em, { topic: 'test.hinted', payload: { n } });
    });
    return n;
  };
  const rows = (n: string) =>
    app.sql<{ state: string; attempt: number; claimed_by: string | null; hinted_at: Date | null }>(
      `select * from outbox_message where payload ->> 'n' = $1`,
      [n],
    );
  const finished = (n: string, withinMs = 15_000) =>
    waitFor(async () => (await rows(n)).every(({ state }) => state === 'done'), withinMs);
  const timesDone = (n: string) => done.filter((line) => line.startsWith(n)).length;

  it('effects are done once each, shared by all that work, and nothing is left in Redis', async () => {
    const n = await add(300);
    await finished(n);
    expect(timesDone(n)).toBe(300);
    expect(new Set(done.map((line) => line.split(' ')[1]))).toEqual(new Set(['app', 'other']));
    expect((await rows(n)).every(({ attempt }) => attempt === 1)).toBe(true);
    await waitFor(async () => {
      const keys = await redis.client.keys('lawrei:*');
      return keys.every((key) => !/:[0-9a-f]{8}-/.test(key));
    });
  });

  it('jobs carry the id of a row and nothing else', async () => {
    const seen: string[] = [];
    const monitor = await redis.client.monitor();
    monitor.on('monitor', (_: string, args: string[]) => void seen.push(args.join(' ')));
    const n = await add(1);
    await finished(n);
    monitor.disconnect();
    const jobs = seen.flatMap((line) => line.match(/\{"outboxId":"[^"]+"[^}]*\}/g) ?? []);
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.every((job) => /^\{"outboxId":"[0-9a-f-]{36}"\}$/.test(job))).toBe(true);
    expect(seen.some((line) => line.includes(n))).toBe(false);
  });

  it('that is emptied again and again loses nothing but time', async () => {
    const emptying = setInterval(() => void redis.client.flushall(), 20);
    const all = [await add(100), await add(100)];
    await Promise.all(all.map((n) => finished(n, 40_000)));
    clearInterval(emptying);
    for (const n of all) expect(timesDone(n)).toBe(100);
  }, 60_000);

  it('that dies and comes back is not missed', async () => {
    await redis.kill();
    const n = await add(50);
    await finished(n);
    await redis.rise();
    expect(timesDone(n)).toBe(50);
    await isUp();
    const later = await add(50);
    await finished(later);
    expect(timesDone(later)).toBe(50);
  });

  it('that keeps its connections and answers nothing holds nobody up for long', async () => {
    const { textsTo } = texting(() => app);
    await app.timeIs(FRIDAY_9);
    const salon = await openSalon(app);
    redis.freeze();
    try {
      const began = performance.now();
      const booked = await bookAsGuest(app, salon, at(5));
      expect([booked.status, performance.now() - began < 2_000]).toEqual([201, true]);
      const [{ phone } = { phone: '' }] = await app.sql<{ phone: string }>(
        'select phone from customer order by created_at desc limit 1',
      );
      await waitFor(async () => (await textsTo(phone)).length > 0, 30_000);
    } finally {
      redis.resume();
    }
  }, 60_000);

  it('is in the status: up, and degraded while it is away', async () => {
    const owner = app.as(await theOwner(app));
    const state = async () => (await owner.get('/admin/services/status')).body.services.redis;
    expect(await state()).toMatchObject({ mode: 'live', state: 'up', lastError: null });
    await redis.kill();
    await waitFor(async () => (await state()).state === 'degraded');
    expect((await app.as().get('/health/ready')).status).toBe(200);
    await redis.rise();
    await waitFor(async () => (await state()).state === 'up');
  });

  it('limits count together what comes to several nodes, and each by itself while Redis is away', async () => {
    const limited = { RATE_LIMIT_SCALE: '1', REDIS_URL: redis.url, LAWREI_ROLE: 'api' };
    const [one, two] = [
      await TestApp.start({ env: limited, database: app.database }),
      await TestApp.start({ env: limited, database: app.database }),
    ];
    try {
      await waitFor(async () => [one, two].every((node) => node.get(RedisConnection).isUp));
      const ask = (node: TestApp) => node.as().get('/api/services');
      const answers = [];
      for (let index = 0; index < 62; index += 1) answers.push(await ask(index % 2 === 0 ? one : two));
      expect(answers.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(2);
      expect(answers[9]?.headers['ratelimit']).toMatch(/^"default";r=50;t=\d+$/);
      await redis.kill();
      const alone = [];
      for (let index = 0; index < 62; index += 1) alone.push(await ask(one));
      expect(alone.filter(({ status }) => status === 429)).toHaveLength(2);
    } finally {
      await redis.rise();
      await one.stop();
      await two.stop();
    }
  });
});

suite('without the Redis that was promised', () => {
  it('everything starts and works, and takes it up when it comes', async () => {
    const redis = await TestRedis.away();
    const app = await TestApp.start({ env: { REDIS_URL: redis.url } });
    try {
      await app.timeIs(FRIDAY_9);
      const salon = await openSalon(app);
      expect((await bookAsGuest(app, salon, at(5))).status).toBe(201);
      await app.effectsDone();
      expect((await app.sandbox.state()).sms.length).toBeGreaterThan(0);
      await redis.rise();
      await waitFor(async () => app.get(EffectWire).isUp);
      expect((await bookAsGuest(app, salon, at(6))).status).toBe(201);
      await app.effectsDone();
      expect((await app.sandbox.state()).sms.length).toBeGreaterThan(2);
      expect(app.get(Relay).isLooking()).toBe(true);
    } finally {
      await app.stop();
      await redis.stop();
    }
  });

  it.each(['gone', 'frozen'])('everything ends in time and for good, though it is %s', async (how) => {
    const redis = await TestRedis.start();
    const app = await TestApp.start({ env: { REDIS_URL: redis.url } });
    try {
      await waitFor(async () => app.get(EffectWire).isUp);
      if (how === 'gone') await redis.kill();
      else redis.freeze();
      const began = performance.now();
      await app.stop();
      expect(performance.now() - began).toBeLessThan(8_000);
      if (how === 'gone') await redis.rise();
      else redis.resume();
      // Whoever still tried to reach it would be there by then.
      await pause(1_000);
      const present = String(await redis.client.client('LIST'));
      expect(present.trim().split('\n')).toHaveLength(1);
    } finally {
      await redis.stop();
    }
  });

  it('a connection that has just come back ends without an error that nobody handles', async () => {
    const redis = await TestRedis.start();
    const options = { ...REDIS_OPTIONS, maxRetriesPerRequest: null, enableReadyCheck: false };
    // Without the introduction it is ready before Redis has answered anything.
    const lines = new RedisLines(() => new Redis(redis.url, { ...options, disableClientInfo: true }));
    try {
      const news = lines.of('subscriber');
      news.on('error', () => undefined);
      await news.subscribe('news');
      redis.freeze();
      const isBack = once(news, 'ready');
      news.stream.destroy();
      await isBack;
      lines.disconnect();
      await redis.kill();
      await waitFor(async () => news.status === 'end');
      // The runner fails a test whose rejections nobody handles, and learns of them a turn later.
      await pause(0);
      expect(news.status).toBe('end');
    } finally {
      await redis.stop();
    }
  });

  it('what is shipped finds it as well: a text goes out over Bull', async () => {
    const redis = await TestRedis.start();
    const database = await freshDatabase();
    const app = await CrashApp.start(database, join(testHome(), 'redis'), { REDIS_URL: redis.url });
    try {
      const sql = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
        asOwner<Row>(database, text, values);
      const { serviceId } = await openSalon({ sql });
      const [from, to] = [1, 7].map((days) =>
        new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
      );
      const asked = await fetch(`${app.url}/api/slots?serviceId=${serviceId}&from=${from}&to=${to}`);
      const { days } = (await asked.json()) as { days: { slots: { start: string }[] }[] };
      const start = days.flatMap(({ slots }) => slots)[0]?.start;
      const customer = { name: 'Ada', phone: '+15550100199' };
      const booked = await app.post('/api/bookings', { serviceId, start, customer });
      expect(booked?.status).toBe(201);
      await waitFor(async () => (await (await app.sandbox()).state()).sms.length > 0);
      const hinted = await redis.client.keys('lawrei:messages:id');
      expect(hinted).toHaveLength(1);
    } finally {
      await app.stop();
      await leave(database);
      await redis.stop();
    }
  }, 60_000);
});
