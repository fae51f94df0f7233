import { newId } from '../../src/common/ids.js';
import { HandlerRegistry } from '../../src/outbox/handler.registry.js';
import { TestApp, waitFor } from '../support/test-app.js';

describe('effects that may be what takes processes down', () => {
  let app: TestApp;
  const [suspect, usual] = [newId(), newId()];
  let [inside, most] = [0, 0];
  const [SUSPECTS, USUAL] = [3, 30];
  const areDone = async (n: string, count: number) =>
    (await app.sql(`select 1 from outbox_message where payload ->> 'n' = $1 and state = 'done'`, [n]))
      .length === count;
  const add = (n: string, count: number, failures: number) =>
    app.sql(
      `insert into outbox_message (id, topic, handler, payload, dedupe_key, due_at, attempt, failures)
       select gen_random_uuid(), 'test.any', 'test.any', jsonb_build_object('n', $1::text), $1::text || nth, app_now(), $3, $3
         from generate_series(1, $2::int) as nth`,
      [n, count, failures],
    );
  beforeAll(async () => {
    app = await TestApp.start({ env: { OUTBOX_POLL_MS: '50' } });
    const handle = async ({ payload }: { payload: Record<string, unknown> }) => {
      if (payload['n'] !== suspect) return;
      inside += 1;
      most = Math.max(most, inside);
      await waitFor(() => areDone(usual, USUAL));
      inside -= 1;
    };
    app.get(HandlerRegistry).register({ name: 'test.any', topics: ['test.any'], handler: { handle } });
  });
  afterAll(() => app.stop());

  it('are let in one at a time, and hold up nobody else', async () => {
    await add(suspect, SUSPECTS, 3);
    await waitFor(async () => inside > 0);
    await add(usual, USUAL, 2);
    await waitFor(() => areDone(suspect, SUSPECTS));
    expect(most).toBe(1);
  });
});
