import { newId } from '../../src/common/ids.js';
import { HandlerRegistry } from '../../src/outbox/handler.registry.js';
import { TestApp, waitFor } from '../support/test-app.js';

describe('effects that may be what takes processes down', () => {
  let app: TestApp;
  let behave: (n: string) => Promise<void> = async () => undefined;
  const rows = (n: string) =>
    app.sql<{ state: string; failures: number; lost_claims: number; last_error: string | null }>(
      `select * from outbox_message where payload ->> 'n' = $1`,
      [n],
    );
  const are = async (n: string, state: string) => (await rows(n)).every((row) => row.state === state);
  const add = (n: string, count = 1, lostClaims = 0) =>
    app.sql(
      `insert into outbox_message (id, topic, handler, payload, dedupe_key, due_at, attempt, lost_claims)
       select gen_random_uuid(), 'test.any', 'test.any', jsonb_build_object('n', $1::text), $1::text || nth, app_now(), $3, $3
         from generate_series(1, $2::int) as nth`,
      [n, count, lostClaims],
    );
  beforeAll(async () => {
    app = await TestApp.start({ env: { OUTBOX_LEASE_MS: '300', OUTBOX_POLL_MS: '50' } });
    const handle = ({ payload }: { payload: Record<string, unknown> }) => behave(String(payload['n']));
    app.get(HandlerRegistry).register({ name: 'test.any', topics: ['test.any'], handler: { handle } });
  });
  afterAll(() => app.stop());

  it('are let in one at a time, and hold up nobody else', async () => {
    const [suspect, usual] = [newId(), newId()];
    let [inside, most] = [0, 0];
    const over = Promise.withResolvers<void>();
    behave = async (n) => {
      if (n !== suspect) return;
      inside += 1;
      most = Math.max(most, inside);
      await over.promise;
      inside -= 1;
    };
    await add(suspect, 3, 3);
    await waitFor(async () => inside > 0);
    await add(usual, 30, 2);
    await waitFor(() => are(usual, 'done'));
    over.resolve();
    await waitFor(() => are(suspect, 'done'));
    expect(most).toBe(1);
  });

  it('wait ever longer, are buried in the end, and the others go on', async () => {
    const [hanging, good] = [newId(), newId()];
    const over = Promise.withResolvers<void>();
    const began: number[] = [];
    behave = async (n) => {
      if (n !== hanging) return;
      began.push(performance.now());
      await over.promise;
    };
    await add(hanging);
    await waitFor(async () => began.length === 3);
    // As if nine more claimers had died of it meanwhile.
    await app.sql(
      `update outbox_message set lost_claims = lost_claims + 9, attempt = attempt + 9 where payload ->> 'n' = $1`,
      [hanging],
    );
    await waitFor(() => are(hanging, 'dead'));
    await add(good);
    await waitFor(() => are(good, 'done'));
    over.resolve();
    await app.effectsDone();
    const last_error = 'its handler never came to an end';
    expect((await rows(hanging))[0]).toMatchObject({ failures: 0, lost_claims: 12, last_error });
    const [first = 0, second = 0, third = 0] = began;
    expect([second - first < 2_000, third - second >= 2_000]).toEqual([true, true]);
  });

  it('are not buried by a failure that is their own first', async () => {
    const n = newId();
    let isFirst = true;
    behave = async () => {
      if (isFirst) throw new Error('once');
    };
    await add(n, 1, 11);
    await waitFor(async () => (await rows(n))[0]?.failures === 1);
    isFirst = false;
    await waitFor(() => are(n, 'done'));
    expect((await rows(n))[0]).toMatchObject({ failures: 1, lost_claims: 11 });
  });
});
