import { Closing } from '../../src/operations/closing.js';
import { TestApp, waitFor } from '../support/test-app.js';

describe('with a running app', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  describe('operations', () => {
    describe('health', () => {
      it('says that the process lives', async () => {
        const answer = await app.as().get('/health/live');
        expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
        expect(answer.headers['cache-control']).toContain('no-store');
      });

      it('says that requests may come when the database answers with every migration', async () => {
        const answer = await app.as().get('/health/ready');
        expect(answer.status).toBe(200);
        expect(answer.body).toMatchObject({ status: 'ok' });
        expect(answer.headers['cache-control']).toContain('no-store');
      });

      it('is not limited: a balancer may ask as often as it likes', async () => {
        const answers = await Promise.all(Array.from({ length: 150 }, () => app.as().get('/health/ready')));
        expect(answers.every(({ status }) => status === 200)).toBe(true);
      });

      it('asks for patience while a migration is missing, and does not mind newer ones', async () => {
        const [known] = await app.sql<{ name: string }>(
          'select name from schema_migration order by name desc limit 1',
        );
        await app.sql(`update schema_migration set name = 'MigrationOfNextYear' where name = $1`, [
          known?.name,
        ]);
        const behind = await app.as().get('/health/ready');
        await app.sql('insert into schema_migration (name, executed_at) values ($1, now())', [known?.name]);
        const ahead = await app.as().get('/health/ready');
        await app.sql(`delete from schema_migration where name = 'MigrationOfNextYear'`);

        expect([behind.status, behind.body.code]).toEqual([503, 'unavailable']);
        expect(behind.body.detail).toContain('1 migrations are missing');
        expect(behind.headers['retry-after']).toBe('5');
        expect(ahead.status).toBe(200);
      });

      it('asks for patience while the database does not answer, within three seconds', async () => {
        await app.sql('alter table schema_migration rename to schema_migration_away');
        const away = await app.as().get('/health/ready');
        await app.sql('alter table schema_migration_away rename to schema_migration');
        expect([away.status, away.body.detail]).toEqual([503, 'The database does not answer.']);
      });

      it('does not keep anybody waiting for a database that hangs', async () => {
        const hung = app.sql('begin; lock table schema_migration; select pg_sleep(3); commit');
        await waitFor(
          async () =>
            (
              await app.sql(
                `select 1 from pg_locks where mode = 'AccessExclusiveLock' and relation = 'schema_migration'::regclass and granted`,
              )
            ).length > 0,
        );
        const began = performance.now();
        const slow = await app.as().get('/health/ready');
        expect(slow.status).toBe(503);
        expect(performance.now() - began).toBeLessThan(2_900);
        await hung;
      });

      it('sends requests elsewhere as soon as the process is to end, and lives until it has', async () => {
        const closing = app.get(Closing);
        await closing.announce();
        const [ready, live] = [await app.as().get('/health/ready'), await app.as().get('/health/live')];
        closing.now = false;
        expect([ready.status, ready.body.code, live.status]).toEqual([503, 'unavailable', 200]);
        expect(ready.headers['connection']).toBe('close');
      });
    });
  });

  describe('a worker', () => {
    it('tells how it is, and serves nothing else', async () => {
      const worker = await TestApp.start({ database: app.database, env: { LAWREI_ROLE: 'worker' } });
      try {
        expect((await worker.as().get('/health/live')).status).toBe(200);
        expect((await worker.as().get('/health/ready')).status).toBe(200);
        for (const url of ['/', '/health', '/healthy', '/api/services', '/docs', '/docs-json', '/sandbox']) {
          const { status, body, headers } = await worker.as().get(url);
          expect([url, status, body.code]).toEqual([url, 404, 'not-found']);
          expect(headers['content-type']).toContain('application/problem+json');
        }
        const signIn = await worker.as().post('/api/auth/login', { email: 'a@b.example', password: 'x' });
        expect(signIn.status).toBe(404);
        expect((await worker.as().post('/webhooks/twilio/status')).status).toBe(404);
        expect((await worker.as().get('/health/nothing')).status).toBe(404);
      } finally {
        await worker.stop();
      }
    });
  });
});
