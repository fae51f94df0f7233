import { PUBLIC, WORKER } from '../../src/common/actor.js';
import { runAll } from '../../src/database/batch.js';
import type { Question } from '../../src/database/question.js';
import { statement } from '../../src/database/statement.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

const NUMBER = statement('test-number', 'select $1::int as n');
const DIVIDED = statement('test-divided', 'select 10 / $1::int as n');
const KIND = statement('test-kind', `select current_setting('app.actor_kind') as kind`);
const MADE = statement(
  'test-made',
  `insert into customer (id, name) values (gen_random_uuid(), $1) returning name`,
);

const asked = (text: typeof NUMBER, ...values: unknown[]): Question<unknown> => ({
  statement: text,
  values,
  answer: (rows) => rows[0],
});

/** As many as there are connections, so that each of them is asked. */
const EVERYWHERE = Array.from({ length: 8 }, (_, index) => index);

describe('statements sent as one', () => {
  let bare: BareDatabase;
  beforeAll(async () => {
    bare = await bareDatabase();
  });
  afterAll(() => bare.close());

  const ask = (...questions: Question<unknown>[]) => bare.database.ask(WORKER, questions);

  it('answer each for itself, under one actor, as often as they are asked', async () => {
    for (let round = 0; round < 3; round += 1) {
      const answers = await ask(asked(NUMBER, round), asked(KIND), asked(DIVIDED, 2));
      expect(answers).toEqual([{ n: round }, { kind: 'system' }, { n: 5 }]);
    }
    expect(await bare.database.ask(PUBLIC, [asked(KIND)])).toEqual([{ kind: 'public' }]);
  });

  it('come to nothing together when one fails, and are prepared again where that one had stopped them', async () => {
    const behind = statement('test-behind', 'select $1::int + 1 as n');
    const attempt = () => ask(asked(MADE, 'half'), asked(DIVIDED, 0), asked(behind, 1));
    for (const failed of await Promise.allSettled(EVERYWHERE.map(attempt)))
      expect(failed).toMatchObject({ status: 'rejected', reason: { code: '22012' } });
    const after = await Promise.all(EVERYWHERE.map((n) => ask(asked(behind, n), asked(DIVIDED, 5))));
    expect(after).toEqual(EVERYWHERE.map((n) => [{ n: n + 1 }, { n: 2 }]));
    expect(await bare.sql(`select name from customer where name = 'half'`)).toEqual([]);
  });

  it('come to nothing when one cannot be written down, and leave the connection fit for the next', async () => {
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    const attempt = () => ask(asked(MADE, 'cut'), asked(NUMBER, ring), asked(DIVIDED, 1));
    for (const failed of await Promise.allSettled(EVERYWHERE.map(attempt)))
      expect(failed).toMatchObject({ status: 'rejected', reason: { name: 'TypeError' } });
    const after = await Promise.all(EVERYWHERE.map((n) => ask(asked(NUMBER, n), asked(DIVIDED, 10))));
    expect(after).toEqual(EVERYWHERE.map((n) => [{ n }, { n: 1 }]));
  });

  it('lead from what failed to whoever asked', async () => {
    const failure = await ask(asked(DIVIDED, 0)).catch((error: unknown) => error);
    expect(failure).toHaveProperty('stack', expect.stringMatching(/Database\.sendAll/u));
  });

  it('belong to the transaction they are sent in', async () => {
    const made = bare.database.transact(WORKER, async (em) => {
      const rows = await runAll(em, [
        { statement: MADE, values: ['both'] },
        { statement: MADE, values: ['of them'] },
      ]);
      expect(rows).toEqual([[{ name: 'both' }], [{ name: 'of them' }]]);
      throw new Error('changed my mind');
    });
    await expect(made).rejects.toThrow('changed my mind');
    expect(await bare.sql('select name from customer')).toEqual([]);
  });
});
