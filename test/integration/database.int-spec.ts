import { Socket } from 'node:net';
import { jest } from '@jest/globals';
import { PUBLIC, WORKER } from '../../src/common/actor.js';
import { Unavailable } from '../../src/common/domain-error.js';
import { newId } from '../../src/common/ids.js';
import { Customer } from '../../src/customers/entities/customer.entity.js';
import { run, statement } from '../../src/database/statement.js';
import { waitFor } from '../support/test-app.js';
import { aCustomerActor } from '../support/factories.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

const CONTEXT = statement(
  'test-context',
  `select current_setting('app.actor_kind', true) as kind, current_setting('app.customer_id', true) as customer`,
);
const NOW = statement('test-now', 'select (extract(epoch from app_now()) * 1000)::float8 as ms');
const FAIL = statement(
  'test-fail',
  `do $$ begin raise exception 'on purpose' using errcode = '40001'; end $$`,
);
const SLEEP = statement('test-sleep', 'select pg_sleep(60)');
const HURRY = statement('test-hurry', `set local statement_timeout = '50ms'`);
const SHORT_WAIT = statement('test-short-wait', `set local lock_timeout = '50ms'`);
const LOCK = statement('test-lock', 'select pg_advisory_xact_lock(4242)');

describe('a transaction', () => {
  let bare: BareDatabase;
  beforeAll(async () => {
    bare = await bareDatabase();
  });
  afterAll(() => bare.close());

  const aCustomerRow = async (name: string) => {
    const id = newId();
    await bare.database.transact(WORKER, async (em) => {
      em.create(Customer, { id, name });
    });
    return id;
  };
  const names = () =>
    bare.sql('select name from customer order by name').then((rows) => rows.map((row) => row['name']));

  it('commits what its work made, and nothing of a work that failed', async () => {
    await aCustomerRow('kept');
    await expect(
      bare.database.transact(WORKER, async (em) => {
        em.create(Customer, { name: 'lost' });
        await em.flush();
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await names()).toContain('kept');
    expect(await names()).not.toContain('lost');
  });

  it('does not commit when a refused statement was swallowed', async () => {
    const swallow = bare.database.transact(WORKER, async (em) => {
      em.create(Customer, { name: 'swallowed' });
      await em.flush();
      await run(em, statement('test-wrong', 'select 1 / 0')).catch(() => undefined);
    });
    await expect(swallow).rejects.toThrow('rolled back');
    expect(await names()).not.toContain('swallowed');
  });

  it('joins a running one instead of nesting: both commit or neither does', async () => {
    await expect(
      bare.database.transact(WORKER, async () => {
        await bare.database.transact(WORKER, async (em) => {
          em.create(Customer, { name: 'inner' });
        });
        throw new Error('outer fails');
      }),
    ).rejects.toThrow('outer fails');
    expect(await names()).not.toContain('inner');
  });

  it('gives a joined command its own actor for its length, and the first one back after', async () => {
    const id = newId();
    const seen = await bare.database.transact(PUBLIC, async (em) => {
      const kind = async () => (await run<{ kind: string; customer: string }>(em, CONTEXT))[0];
      const inner = await bare.database.transact(aCustomerActor(id), kind);
      return [inner, await kind()];
    });
    expect(seen).toEqual([
      { kind: 'customer', customer: id },
      { kind: 'public', customer: '' },
    ]);
  });

  it('gives the first one back, too, when the joined command fails and the failure is swallowed', async () => {
    const id = newId();
    const after = await bare.database.transact(aCustomerActor(id), async (em) => {
      await bare.database
        .transact(WORKER, async () => {
          throw new Error('no');
        })
        .catch(() => undefined);
      return (await run<{ kind: string; customer: string }>(em, CONTEXT))[0];
    });
    expect(after).toEqual({ kind: 'customer', customer: id });
  });

  it('leaves nothing of an actor on the connection for the next one', async () => {
    const id = await aCustomerRow('mine');
    await bare.database.transact(aCustomerActor(id), async (em) => {
      expect(await em.count(Customer)).toBe(1);
    });
    for (let round = 0; round < 20; round += 1) {
      await bare.database.transact(PUBLIC, async (em) => {
        expect(await em.count(Customer)).toBe(0);
      });
    }
  });

  it('keeps actors apart who work at the same time', async () => {
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, index) => aCustomerRow(`side by side ${index}`)),
    );
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, index) => ids[index % 10] ?? '').map((id) =>
        bare.database.transact(
          aCustomerActor(id),
          async (em) => (await em.find(Customer, {})).map((row) => row.id).join() === id,
        ),
      ),
    );
    expect(seen.every(Boolean)).toBe(true);
  });

  it('tries a serialisation failure again, three times at most, then says it is busy', async () => {
    let tries = 0;
    const twice = await bare.database.transact(WORKER, async (em) => {
      tries += 1;
      if (tries < 3) await run(em, FAIL);
      return tries;
    });
    expect(twice).toBe(3);
    tries = 0;
    await expect(
      bare.database.transact(WORKER, async (em) => {
        tries += 1;
        await run(em, FAIL);
      }),
    ).rejects.toBeInstanceOf(Unavailable);
    expect(tries).toBe(4);
  });

  it('says it is busy when a statement takes too long or a lock is not to be had', async () => {
    const tooLong = bare.database.transact(PUBLIC, async (em) => {
      await run(em, HURRY);
      await run(em, SLEEP);
    });
    await expect(tooLong).rejects.toBeInstanceOf(Unavailable);
    const inVain = bare.database.transact(WORKER, async (em) => {
      await run(em, LOCK);
      await bare.database.apart(PUBLIC, async (other) => {
        await run(other, SHORT_WAIT);
        await run(other, LOCK);
      });
    });
    await expect(inVain).rejects.toMatchObject({ code: 'unavailable', headers: { 'retry-after': '2' } });
  });

  it('says it is busy when nobody gives a connection back', async () => {
    const { requests } = bare.database.pools;
    const patience = requests.options.connectionTimeoutMillis;
    const held = await Promise.all(Array.from({ length: 8 }, () => requests.connect()));
    requests.options.connectionTimeoutMillis = 50;
    try {
      const command = bare.database.transact(PUBLIC, async () => 'served');
      await expect(command).rejects.toBeInstanceOf(Unavailable);
      const one = statement('test-one', 'select 1');
      await expect(bare.database.readPublic(one, [])).rejects.toBeInstanceOf(Unavailable);
      await expect(bare.database.execute(PUBLIC, one, [])).rejects.toBeInstanceOf(Unavailable);
    } finally {
      requests.options.connectionTimeoutMillis = patience;
      for (const client of held) client.release();
    }
    expect(await bare.database.transact(PUBLIC, async () => 'served')).toBe('served');
  });

  it('calls back after the commit, and never when there was none', async () => {
    const called: string[] = [];
    await bare.database.transact(WORKER, async () =>
      bare.database.afterCommit(() => called.push('committed')),
    );
    await bare.database
      .transact(WORKER, async () => {
        bare.database.afterCommit(() => called.push('rolled back'));
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(called).toEqual(['committed']);
    expect(() => bare.database.afterCommit(() => undefined)).toThrow('outside transact');
  });

  it('commits work apart even when the transaction around it fails', async () => {
    await bare.database
      .transact(WORKER, async () => {
        await bare.database.apart(WORKER, async (em) => {
          em.create(Customer, { name: 'apart' });
        });
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await names()).toContain('apart');
  });

  it('tells one instant to the whole command, in app time', async () => {
    await bare.sql(`update app_clock set offset_ms = 86400000`);
    const [now, sqlNow] = await bare.database.transact(WORKER, async (em, instant) => {
      const [row] = await run<{ ms: number }>(em, NOW);
      return [instant.getTime(), row?.ms ?? 0];
    });
    expect(Math.abs(now - sqlNow)).toBeLessThan(1);
    expect(now - Date.now()).toBeGreaterThan(86_000_000);
    expect(bare.clock.now().getTime() - bare.clock.realNow().getTime()).toBeGreaterThan(86_000_000);
    await bare.sql(`update app_clock set offset_ms = 0`);
  });

  it('keeps background work and requests in pools of their own', async () => {
    const asleep = `from pg_stat_activity where datname = current_database() and query like '%pg_sleep%' and pid <> pg_backend_pid()`;
    const stuck = Array.from({ length: 8 }, () =>
      bare.database.transact(PUBLIC, (em) => run(em, SLEEP)).catch(() => 'ended'),
    );
    // All eight must hold their connection: who begins to sleep later would miss the wake-up call below.
    await waitFor(async () => (await bare.sql(`select ${asleep}`)).length === stuck.length);
    const quick = await Promise.race([
      bare.database.transact(WORKER, async () => 'served'),
      new Promise((resolve) => setTimeout(() => resolve('starved'), 3_000)),
    ]);
    await bare.sql(`select pg_cancel_backend(pid) ${asleep}`);
    expect(await Promise.all(stuck)).toEqual(stuck.map(() => 'ended'));
    expect(quick).toBe('served');
  });

  it('sends in one write what is sent together', async () => {
    await bare.database.transact(PUBLIC, (em) => run(em, NOW));
    const writes = [
      jest.spyOn(Socket.prototype, '_write'),
      jest.spyOn(Socket.prototype, '_writev' as '_write'),
    ];
    await bare.database.transact(PUBLIC, (em) => Promise.all([run(em, NOW), run(em, CONTEXT), run(em, NOW)]));
    const sent = writes.map((spy) => spy.mock.calls.length);
    for (const spy of writes) spy.mockRestore();
    // Begin with the actor, the three, the commit.
    expect(sent).toEqual([0, 3]);
  });

  it('reads one thing as somebody in one write, and may be asked for more after a question that failed', async () => {
    const who = statement('test-who', `select current_setting('app.actor_kind') as kind, $1::int as n`);
    await bare.database.execute(PUBLIC, who, [0]);
    const writes = jest.spyOn(Socket.prototype, '_writev' as '_write');
    const read = await bare.database.execute(PUBLIC, who, [1]);
    const sent = writes.mock.calls.length;
    writes.mockRestore();
    expect([read, sent]).toEqual([[{ kind: 'public', n: 1 }], 1]);
    const wrong = statement('test-wrong', 'select 1 / $1::int as n');
    await expect(bare.database.execute(PUBLIC, wrong, [0])).rejects.toMatchObject({ code: '22012' });
    const inside = bare.database.transact(WORKER, () => bare.database.execute(WORKER, who, [2]));
    expect(await inside).toEqual([{ kind: 'system', n: 2 }]);
    const open = await bare.database.readPublic<{ n: number }>(
      statement(
        'test-open',
        `select count(*)::int as n from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()`,
      ),
      [],
    );
    expect(open).toEqual([{ n: 0 }]);
  });

  it('reads without an actor see no personal data at all', async () => {
    const rows = await bare.database.readPublic<{ n: number }>(
      statement('test-public', 'select count(*)::int as n from customer'),
      [],
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});
