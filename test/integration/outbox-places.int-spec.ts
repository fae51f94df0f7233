import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { HandlerRegistry } from '../../src/outbox/handler.registry.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import type { Effect, HandlerOptions } from '../../src/outbox/outbox.types.js';
import { at } from '../support/portal.js';
import { bookAsGuest, openSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

describe('the places for effects that run at the same time', () => {
  let app: TestApp;
  let behave: (effect: Effect) => Promise<void> = async () => undefined;
  beforeAll(async () => {
    app = await TestApp.start({ env: { OUTBOX_POLL_MS: '50' } });
    const add = (name: string, more: Partial<HandlerOptions> = {}) => {
      const handler = { handle: (effect: Effect) => behave(effect) };
      app.get(HandlerRegistry).register({ name, topics: [name], handler, ...more });
    };
    add('test.alone');
    add('test.urgent', { lane: 'urgent' });
    add('test.silent', { lane: 'calendar' });
  });
  afterAll(() => app.stop());

  const add = (topic: string, n: string) =>
    app.get(Database).transact(WORKER, (em) => app.get(Outbox).add(em, { topic, payload: { n } }));
  const rows = (n: string) =>
    app.sql<{ handler: string; state: string; attempt: number }>(
      `select * from outbox_message where payload->>'n' = $1 order by handler`,
      [n],
    );
  const finished = (n: string) => waitFor(async () => (await rows(n)).every(({ state }) => state === 'done'));

  it('does what somebody waits for at once, however much else there is to do', async () => {
    const n = newId();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    behave = async (effect) => (effect.topic === 'test.urgent' ? undefined : gate);
    await Promise.all(Array.from({ length: 60 }, () => add('test.alone', n)));
    await waitFor(async () => (await rows(n)).filter(({ state }) => state === 'claimed').length === 20);
    await add('test.urgent', n);
    await waitFor(async () =>
      (await rows(n)).some(({ handler, state }) => handler === 'test.urgent' && state === 'done'),
    );
    expect((await rows(n)).filter(({ state }) => state === 'claimed')).toHaveLength(20);
    open();
    await finished(n);
  });

  it('lets nobody who calls somebody silent take all the places', async () => {
    const [silent, other] = [newId(), newId()];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    behave = async (effect) => (effect.topic === 'test.silent' ? gate : undefined);
    await Promise.all(Array.from({ length: 60 }, () => add('test.silent', silent)));
    await waitFor(async () => (await rows(silent)).some(({ state }) => state === 'claimed'));
    await add('test.alone', other);
    await finished(other);
    expect((await rows(silent)).filter(({ state }) => state === 'claimed')).toHaveLength(6);
    open();
    await finished(silent);
    expect(new Set((await rows(silent)).map(({ state, attempt }) => `${state} ${attempt}`))).toEqual(
      new Set(['done 1']),
    );
  });

  it('are those of the lane of its handler, whoever wrote the effect down', async () => {
    const salon = await openSalon(app);
    await app.timeIs(FRIDAY_9);
    const booked = await bookAsGuest(app, salon, at(5));
    await app.effectsDone();
    const written = await app.sql<{ handler: string; lane: string }>(
      `select distinct handler, lane from outbox_message where handler not like 'test.%'`,
    );
    expect([booked.status, written.length >= 3]).toEqual([201, true]);
    for (const { handler, lane } of written)
      expect([handler, lane]).toEqual([handler, app.get(HandlerRegistry).find(handler)?.lane ?? 'usual']);
  });
});
