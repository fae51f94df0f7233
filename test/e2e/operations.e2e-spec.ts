import { BOOT } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import type { Config } from '../../src/config/config.js';
import { Database } from '../../src/database/database.service.js';
import { TrueTime } from '../../src/operations/true-time.js';
import { Upkeep } from '../../src/operations/upkeep.service.js';
import { IntegrationStatusBoard } from '../../src/outbox/integration-status.service.js';
import { RecurringWork } from '../../src/outbox/recurring-work.service.js';
import { aStaffAccount, theOwner } from '../support/factories.js';
import { TestApp, waitFor } from '../support/test-app.js';

/** An effect of a handler that this process does not have, so that it stays as it is. */
async function anEffect(
  app: TestApp,
  state: 'pending' | 'done' | 'dead',
  extra: { dueAgo?: string; doneAgo?: string } = {},
) {
  const id = newId();
  await app.sql(
    `insert into outbox_message (id, topic, handler, payload, dedupe_key, state, attempt, due_at, finished_at, last_error)
     values ($1, 'test.topic', 'test.nobody', '{}', $5, $2, $6, app_now() - $3::interval, now() - $4::interval, 'it broke')`,
    [
      id,
      state,
      extra.dueAgo ?? '1 second',
      extra.doneAgo ?? null,
      `test.nobody/${id}`,
      state === 'dead' ? 8 : 0,
    ],
  );
  return id;
}

describe('operations', () => {
  let app: TestApp;
  let owner: string;
  let manager: string;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = await theOwner(app);
    manager = (await aStaffAccount(app, { role: 'manager' })).token;
  });
  afterAll(() => app.stop());

  describe('GET /problems/:code', () => {
    it('tells programs what a code means', async () => {
      const answer = await app.as().get('/problems/slot-unavailable');
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        code: 'slot-unavailable',
        status: 409,
        title: 'The time is taken',
        remedy: expect.stringContaining('alternatives'),
      });
      expect(answer.headers['cache-control']).toBe('public, max-age=3600');
    });

    it('tells people the same as a page', async () => {
      const answer = await app.as().get('/problems/slot-unavailable', { accept: 'text/html,*/*;q=0.8' });
      expect(answer.headers['content-type']).toContain('text/html');
      expect(answer.text).toContain('<h1>The time is taken</h1>');
    });

    it.each(['no-such-code', 'constructor', '__proto__'])('knows nothing of %s', async (code) => {
      const answer = await app.as().get(`/problems/${code}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'not-found']);
      expect(answer.headers['cache-control']).not.toContain('public');
    });

    it('is where the type of every refusal leads', async () => {
      const refusal = await app.as().get('/no/such/route');
      expect(new URL(refusal.body.type).pathname).toBe('/problems/not-found');
    });
  });

  describe('GET /admin/services/status', () => {
    const status = async (token?: string) => app.as(token).get('/admin/services/status');

    it('is for managers and the owner', async () => {
      const reception = (await aStaffAccount(app, { role: 'reception' })).token;
      expect((await status()).status).toBe(401);
      expect((await status(reception)).status).toBe(403);
      expect((await status(manager)).status).toBe(200);
      expect((await status(owner)).status).toBe(200);
    });

    it('names every service, those that are not there as unconfigured', async () => {
      const { body } = await status(manager);
      expect(body.status).toBe('up');
      expect(Object.keys(body.services)).toEqual([
        'sms',
        'email',
        'calendar',
        'payments',
        'database',
        'redis',
        'worker',
      ]);
      expect(body.services.sms).toMatchObject({
        mode: 'sandbox',
        state: 'up',
        breaker: 'closed',
        queueDepth: 0,
        oldestDueSeconds: null,
      });
      expect(body.services.redis).toMatchObject({ mode: 'unconfigured', state: 'unconfigured' });
      expect(body.services.calendar).toMatchObject({ mode: 'sandbox', state: 'up', brokenConnections: 0 });
      expect(body.services.payments).toMatchObject({ mode: 'sandbox', state: 'up', queueDepth: 0 });
      expect(body.services.worker.lastSuccessAt).not.toBeNull();
    });

    it('shows regular work: when it was last done well, how long it took, and what failed', async () => {
      let fails = true;
      app.get(RecurringWork).every(3_600_000, 'test-work', async () => {
        if (fails) throw new Error('no luck');
      });
      const jobs = async () => {
        await app.sweep();
        const { body } = await status(manager);
        return [body.status, body.jobs] as const;
      };
      const ours = {
        name: 'test-work',
        everySeconds: 3_600,
        lastRunAt: expect.any(String),
        tookMs: expect.any(Number),
      };
      const [troubled, before] = await jobs();
      expect(troubled).toBe('degraded');
      expect(before).toContainEqual({ ...ours, lastSuccessAt: null, lastError: 'no luck', isLate: true });
      fails = false;
      const [healed, after] = await jobs();
      expect(healed).toBe('up');
      expect(after).toContainEqual({
        ...ours,
        lastSuccessAt: expect.any(String),
        lastError: null,
        isLate: false,
      });
      expect(after.map(({ name }: { name: string }) => name)).toEqual(
        expect.arrayContaining([
          'bookings',
          'calendar-poll',
          'heartbeat',
          'messages',
          'payments',
          'retention',
        ]),
      );
    });

    it('shows a provider that fails, in words and without our secrets', async () => {
      const board = app.get(IntegrationStatusBoard);
      await board.failed('sms', `refused: ${app.config.twilio.authToken || 'nothing'}`, 'open');
      const { body } = await status(manager);
      await board.succeeded('sms');
      expect(body.status).toBe('degraded');
      expect(body.services.sms).toMatchObject({
        state: 'down',
        breaker: 'open',
        lastError: expect.stringContaining('refused'),
      });
      if (app.config.twilio.authToken)
        expect(body.services.sms.lastError).not.toContain(app.config.twilio.authToken);
    });

    it('counts what waits and what was given up', async () => {
      const waiting = await anEffect(app, 'pending', { dueAgo: '10 minutes' });
      const dead = await anEffect(app, 'dead');
      const { body } = await status(manager);
      await app.sql('delete from outbox_message where id = any($1)', [[waiting, dead]]);
      expect(body.services.worker).toMatchObject({ state: 'degraded', queueDepth: 1, dead: 1 });
      expect(body.services.worker.oldestDueSeconds).toBeGreaterThanOrEqual(600);
    });

    it('counts texts and e-mails apart', async () => {
      const text = newId();
      await app.sql(
        `insert into message (id, channel, family, class, to_address, to_hash, dedupe_key, due_at, expires_at, created_at)
         values ($1::uuid, 'sms', 'welcome', 'transactional', '+15005550199', 'hash', $1::text, now(), now() + interval '1 day', now())`,
        [text],
      );
      const effect = await anEffect(app, 'pending');
      await app.sql(
        `update outbox_message set payload = jsonb_build_object('messageId', $2::text) where id = $1`,
        [effect, text],
      );
      const { services } = (await status(manager)).body;
      await app.sql('delete from outbox_message where id = $1', [effect]);
      expect([services.sms.queueDepth, services.email.queueDepth, services.worker.queueDepth]).toEqual([
        1, 0, 1,
      ]);
    });

    it('is down as a whole where nobody does the work', async () => {
      const alone = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
      const { body } = await alone.as(await theOwner(alone)).get('/admin/services/status');
      await alone.stop();
      expect(body.status).toBe('down');
      expect(body.services.worker).toMatchObject({ state: 'down', lastSuccessAt: null });
    });

    it('misses a worker whose heartbeat stopped a minute ago', async () => {
      await app.sql(
        `update integration_status set last_success_at = now() - interval '61 seconds' where name = 'worker'`,
      );
      const silent = await status(manager);
      expect([silent.body.status, silent.body.services.worker.state]).toEqual(['down', 'down']);
      // Who has just said that all is well says so again after two seconds only.
      await waitFor(async () => {
        await app.get(RecurringWork).runAll();
        return (await status(manager)).body.services.worker.state === 'up';
      });
    });
  });

  describe('/admin/outbox', () => {
    it('lists effects by state, newest first, page by page, for the owner alone', async () => {
      const ids = [await anEffect(app, 'dead'), await anEffect(app, 'dead'), await anEffect(app, 'dead')];
      const first = await app.as(owner).get('/admin/outbox?state=dead&limit=2');
      const second = await app
        .as(owner)
        .get(`/admin/outbox?state=dead&limit=2&cursor=${first.body.page.nextCursor}`);
      const listed = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
      expect(listed).toEqual(ids.toReversed());
      expect(second.body.page).toEqual({ nextCursor: null, hasMore: false });
      expect((await app.as(manager).get('/admin/outbox')).status).toBe(403);
    });

    it('gives a dead effect another set of attempts, once, and remembers who did', async () => {
      const id = await anEffect(app, 'dead');
      await app.sql('update outbox_message set failures = attempt where id = $1', [id]);
      const retried = await app.as(owner).post(`/admin/outbox/${id}/retry`);
      const again = await app.as(owner).post(`/admin/outbox/${id}/retry`);
      const unknown = await app.as(owner).post(`/admin/outbox/${newId()}/retry`);
      expect(retried.body).toMatchObject({ id, state: 'pending', failures: 0 });
      expect([retried.status, again.status, unknown.status]).toEqual([200, 404, 404]);
      expect(again.body.detail).toBe(unknown.body.detail);
      expect(
        await app.sql(`select 1 from audit_log where action = 'outbox.retried' and subject_id = $1`, [id]),
      ).toHaveLength(1);
    });
  });

  describe('housekeeping', () => {
    it('forgets effects done a week ago and keeps the others', async () => {
      const old = await anEffect(app, 'done', { doneAgo: '8 days' });
      const fresh = await anEffect(app, 'done', { doneAgo: '6 days' });
      const dead = await anEffect(app, 'dead', { doneAgo: '8 days' });
      await Promise.all([app.get(RecurringWork).runAll(), app.get(RecurringWork).runAll()]);
      const left = await app.sql<{ id: string }>(
        'select id from outbox_message where id = any($1) order by id',
        [[old, fresh, dead]],
      );
      expect(left.map(({ id }) => id)).toEqual([fresh, dead]);
    });

    it('has a partition of the audit log for this month and the next before the first row is written', async () => {
      await app.get(Upkeep).onModuleInit();
      const months = await app.sql(
        `select 1 from pg_class where relname in ('audit_log_' || to_char(current_date, 'YYYYMM'), 'audit_log_' || to_char(current_date + interval '1 month', 'YYYYMM'))`,
      );
      expect(months).toHaveLength(2);
      expect(await app.sql('select 1 from audit_log_rest')).toEqual([]);
    });

    it('starts also where a month’s partition cannot be made, since the log takes rows without it', async () => {
      const nextMonth = `(date_trunc('month', now()) + interval '1 month')`;
      await app.sql(`do $$ begin execute 'drop table audit_log_' || to_char(${nextMonth}, 'YYYYMM'); end $$`);
      await app.sql(
        `insert into audit_log (id, at, actor_kind, action) values (gen_random_uuid(), ${nextMonth}, 'system', 'test')`,
      );
      await expect(app.get(Upkeep).onModuleInit()).resolves.toBeUndefined();
      await app.sql('truncate audit_log_rest');
      await app.get(Upkeep).onModuleInit();
      expect(
        await app.sql(`select to_regclass('audit_log_' || to_char(${nextMonth}, 'YYYYMM')) as made`),
      ).not.toEqual([{ made: null }]);
    });
  });

  describe('time', () => {
    const offset = async () =>
      (await app.sql<{ offset_ms: string }>('select offset_ms from app_clock'))[0]?.offset_ms;
    const start = (changes: Partial<Config>) =>
      new TrueTime({ ...app.config, ...changes }, app.get(Database)).onModuleInit();

    it('is taken back to real time where a process starts in production or with a live provider, and only there', async () => {
      await app.timeIs('2031-01-01T00:00:00Z');
      await start({});
      expect(Number(await offset())).toBeGreaterThan(0);
      await start({ production: true });
      expect(Number(await offset())).toBe(0);
      await app.timeIs('2031-01-01T00:00:00Z');
      await start({ smtp: { ...app.config.smtp, mode: 'live' } });
      expect(Number(await offset())).toBe(0);
      await app.get(Database).transact(BOOT, async () => undefined);
    });
  });
});
