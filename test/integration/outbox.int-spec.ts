import { WORKER } from '../../src/common/actor.js';
import { Unavailable } from '../../src/common/domain-error.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { HandlerRegistry } from '../../src/outbox/handler.registry.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import { Hopeless, RetryLater, type Effect } from '../../src/outbox/outbox.types.js';
import { TestApp, waitFor } from '../support/test-app.js';

type Handle = (effect: Effect) => Promise<void>;

describe('the outbox', () => {
  let app: TestApp;
  let behave: Handle = async () => undefined;
  const seen: string[] = [];
  beforeAll(async () => {
    app = await TestApp.start({ env: { OUTBOX_LEASE_MS: '300', OUTBOX_POLL_MS: '50' } });
    const record =
      (name: string): Handle =>
      async (effect) => {
        seen.push(`${name}:${String(effect.payload['n'])}`);
        await behave(effect);
      };
    app
      .get(HandlerRegistry)
      .register({ name: 'test.one', topics: ['test.happened'], handler: { handle: record('one') } });
    app
      .get(HandlerRegistry)
      .register({ name: 'test.two', topics: ['test.happened'], handler: { handle: record('two') } });
    app.get(HandlerRegistry).register({
      name: 'test.alone',
      topics: ['test.alone'],
      handler: { handle: record('alone') },
      maxFailures: 3,
    });
  });
  afterAll(() => app.stop());
  beforeEach(() => {
    behave = async () => undefined;
    seen.length = 0;
  });

  const add = (topic: string, n: string, more: { dedupeKey?: string; dueAt?: Date; expiresAt?: Date } = {}) =>
    app.get(Database).transact(WORKER, (em) => app.get(Outbox).add(em, { topic, payload: { n }, ...more }));
  const rows = (n: string) =>
    app.sql<{
      handler: string;
      state: string;
      attempt: number;
      failures: number;
      last_error: string | null;
      claimed_by: string | null;
    }>(`select * from outbox_message where payload->>'n' = $1 order by handler`, [n]);
  const finished = (n: string) =>
    waitFor(async () => (await rows(n)).every((row) => ['done', 'dead'].includes(row.state)));

  it('writes one row for each handler of an event and does each once', async () => {
    const n = newId();
    await add('test.happened', n);
    await finished(n);
    expect(seen.toSorted()).toEqual([`one:${n}`, `two:${n}`]);
    expect((await rows(n)).map((row) => [row.handler, row.state, row.attempt])).toEqual([
      ['test.one', 'done', 1],
      ['test.two', 'done', 1],
    ]);
  });

  it('refuses to be used outside a transaction, and a topic nobody handles', async () => {
    const em = await app
      .get(Database)
      .transact(WORKER, async (inside) => inside.fork({ keepTransactionContext: false }));
    await expect(app.get(Outbox).add(em, { topic: 'test.alone', payload: { n: 'x' } })).rejects.toThrow(
      'outside a transaction',
    );
    await expect(add('test.unheard', 'x')).rejects.toThrow('no outbox handler for topic test.unheard');
    expect(() =>
      app
        .get(HandlerRegistry)
        .register({ name: 'test.one', topics: ['x'], handler: { handle: async () => undefined } }),
    ).toThrow('two outbox handlers');
  });

  it('does nothing a second time for the same key', async () => {
    const [a, b] = [newId(), newId()];
    await add('test.alone', a, { dedupeKey: `key-${a}` });
    await add('test.alone', b, { dedupeKey: `key-${a}` });
    await finished(a);
    expect(await rows(b)).toEqual([]);
  });

  it('promises nothing when the cause is rolled back', async () => {
    const n = newId();
    await app
      .get(Database)
      .transact(WORKER, async (em) => {
        await app.get(Outbox).add(em, { topic: 'test.alone', payload: { n } });
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await rows(n)).toEqual([]);
  });

  it('tries again after a failure, and a poison row never blocks its neighbours', async () => {
    const [poison, good] = [newId(), newId()];
    behave = async (effect) => {
      if (effect.payload['n'] === poison) throw new Error('poison');
    };
    await add('test.alone', poison);
    await add('test.alone', good);
    await finished(good);
    await finished(poison);
    expect((await rows(good))[0]).toMatchObject({ state: 'done', attempt: 1 });
    expect((await rows(poison))[0]).toMatchObject({
      state: 'dead',
      attempt: 3,
      failures: 3,
      last_error: 'Error: poison',
    });
  });

  it.each([
    ['a provider', 12, () => new RetryLater('the provider is out', 1)],
    ['a database without time', 5, () => new Unavailable()],
  ])('waits for %s as often as it must: waiting is no failure', async (_, times, reason) => {
    const n = newId();
    let calls = 0;
    behave = async () => {
      calls += 1;
      if (calls < times) throw reason();
    };
    await add('test.alone', n);
    await finished(n);
    expect((await rows(n))[0]).toMatchObject({ state: 'done', attempt: times, failures: 0 });
  });

  it('gives up at once what is hopeless, and the owner can revive it', async () => {
    const n = newId();
    behave = async () => {
      throw new Hopeless('never');
    };
    await add('test.alone', n);
    await finished(n);
    expect((await rows(n))[0]).toMatchObject({ state: 'dead', attempt: 1 });
    behave = async () => undefined;
    await app.get(Database).transact(WORKER, async (em) => {
      const [row] = await app.sql<{ id: string }>(`select id from outbox_message where payload->>'n' = $1`, [
        n,
      ]);
      expect(await app.get(Outbox).revive(em, row?.id ?? '')).toBe(true);
    });
    await waitFor(async () => (await rows(n))[0]?.state === 'done');
  });

  it('waits for the due time by the app’s clock, and drops what expired before', async () => {
    const [later, never] = [newId(), newId()];
    await app.timeIs('2030-01-01T00:00:00Z');
    await add('test.alone', later, { dueAt: new Date('2030-01-02T00:00:00Z') });
    await add('test.alone', never, {
      dueAt: new Date('2030-01-02T00:00:00Z'),
      expiresAt: new Date('2030-01-01T12:00:00Z'),
    });
    await app.effectsDone();
    expect(seen).toEqual([]);
    await app.timeIs('2030-01-02T00:00:01Z');
    await finished(later);
    await finished(never);
    expect(seen).toEqual([`alone:${later}`]);
  });

  it('lets another worker take over after the lease, and the first one settles nothing any more', async () => {
    const n = newId();
    let calls = 0;
    const settled: string[] = [];
    behave = async (effect) => {
      calls += 1;
      const mine = calls;
      if (mine === 1) await waitFor(async () => calls === 2);
      await app.get(Database).transact(WORKER, async (em) => {
        await effect.settle(em);
        settled.push(String(mine));
      });
    };
    await add('test.alone', n);
    await finished(n);
    await app.effectsDone();
    expect(calls).toBe(2);
    expect(settled).toEqual(['2']);
    expect((await rows(n))[0]).toMatchObject({ state: 'done', attempt: 2 });
  });

  it('shares rows among workers without doing one twice', async () => {
    const other = await TestApp.start({ database: app.database, env: { OUTBOX_POLL_MS: '50' } });
    other.get(HandlerRegistry).register({
      name: 'test.alone',
      topics: ['test.alone'],
      handler: { handle: async (effect) => void seen.push(`other:${String(effect.payload['n'])}`) },
    });
    const many = Array.from({ length: 200 }, () => newId());
    await Promise.all(many.map((n) => add('test.alone', n)));
    await waitFor(
      async () =>
        (
          await app.sql(`select 1 from outbox_message where state <> 'done' and payload->>'n' = any($1)`, [
            many,
          ])
        ).length === 0,
    );
    const done = seen.map((line) => line.split(':')[1]);
    expect(done.toSorted()).toEqual(many.toSorted());
    await other.stop();
  });

  it('wakes a worker in another process as soon as a process that only serves requests has committed', async () => {
    const [api, worker] = await Promise.all([
      TestApp.start({ database: app.database, env: { LAWREI_ROLE: 'api' } }),
      TestApp.start({ database: app.database, env: { LAWREI_ROLE: 'worker', OUTBOX_POLL_MS: '10000' } }),
    ]);
    const done: string[] = [];
    for (const each of [api, worker]) {
      each.get(HandlerRegistry).register({
        name: 'test.far',
        topics: ['test.far'],
        handler: {
          handle: async (effect) => void done.push(`${each.config.role}:${String(effect.payload['n'])}`),
        },
      });
    }
    await worker.effectsDone();
    const n = newId();
    const began = performance.now();
    await api
      .get(Database)
      .transact(WORKER, (em) => api.get(Outbox).add(em, { topic: 'test.far', payload: { n } }));
    await waitFor(async () => done.length > 0);
    expect(done).toEqual([`worker:${n}`]);
    expect(performance.now() - began).toBeLessThan(3_000);
    await Promise.all([api.stop(), worker.stop()]);
  });

  it('forgets what was done long ago, and keeps what is dead or young', async () => {
    const row = (state: string, age: string) =>
      app.sql(
        `insert into outbox_message (id, topic, handler, payload, dedupe_key, due_at, state, finished_at)
         values ($1, 't', 'h', '{"n":"old"}', $2, now(), $3, now() - $4::interval)`,
        [newId(), newId(), state, age],
      );
    await row('done', '8 days');
    await row('done', '6 days');
    await row('dead', '60 days');
    for (const age of ['31 days', '29 days']) {
      await app.sql(
        `insert into provider_event (id, provider, event_id, type, received_at) values ($1, 'twilio', $2, 't', now() - $3::interval)`,
        [newId(), newId(), age],
      );
    }
    expect(await app.get(Outbox).prune()).toBe(2);
    expect(await app.get(Outbox).prune()).toBe(0);
    expect((await rows('old')).map((left) => left.state).toSorted()).toEqual(['dead', 'done']);
  });
});
