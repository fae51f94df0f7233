import { jest } from '@jest/globals';
import pg from 'pg';
import { Accounts } from '../../src/auth/accounts.service.js';
import { FirstOwner } from '../../src/auth/first-owner.js';
import { SecurityCounters } from '../../src/auth/security-counters.js';
import { BOOT } from '../../src/common/actor.js';
import { partsOf } from '../support/forged-tokens.js';
import { anAccount, STAFF_PASSWORD, theOwner } from '../support/factories.js';
import { freshAddress, said, signInFrom } from '../support/sign-in.js';
import { OWNER_EMAIL, OWNER_PASSWORD, TestApp, waitFor } from '../support/test-app.js';
import { freshDatabase } from '../support/test-database.js';
import { lawrei } from '../support/test-build.js';

/** Any route of the owner's. */
const OWNERS = '/admin/settings';

describe('at the front desk', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
  });
  afterAll(() => app.stop());

  const login = (email: string, password: string, address?: string) =>
    signInFrom(app, email, password, address);

  describe('signing in with e-mail and password', () => {
    it('lets the owner of the boot settings in, whatever case the address is typed in', async () => {
      const answer = await app
        .as()
        .post('/api/auth/login', { email: OWNER_EMAIL.toUpperCase(), password: OWNER_PASSWORD });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        accessToken: expect.any(String),
        refreshToken: expect.stringMatching(/^[\w-]{43}$/),
        expiresIn: 600,
        account: { id: expect.any(String), role: 'owner' },
      });
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect((await app.as(answer.body.accessToken).get(OWNERS)).status).toBe(200);
    });

    it('tells nobody but the session in a token: no role, no address', async () => {
      const { header, claims } = partsOf(await theOwner(app));
      expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) });
      expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'iat', 'iss', 'kind', 'sid', 'sub']);
      expect(claims).toMatchObject({ iss: app.config.publicUrl, aud: 'lawrei', kind: 'staff' });
      expect(Number(claims['exp']) - Number(claims['iat'])).toBe(600);
    });

    it('answers a wrong password, an unknown address and a disabled account alike', async () => {
      const [known, disabled] = [await anAccount(app), await anAccount(app)];
      await app.sql('update account set disabled_at = now() where id = $1', [disabled.id]);
      const wrong = await login(known.email, 'wrong');
      const unknown = await login('nobody@lawrei.example', 'wrong');
      const locked = await login(disabled.email, STAFF_PASSWORD);
      expect(said(wrong)).toMatchObject({ status: 401, code: 'sign-in-failed' });
      expect(said(unknown)).toEqual(said(wrong));
      expect(said(locked)).toEqual(said(wrong));
      expect(unknown.headers['retry-after']).toBe(wrong.headers['retry-after']);
    });

    it('writes down every success and every failure', async () => {
      const { id, email } = await anAccount(app);
      await login(email, 'wrong');
      await login(email, STAFF_PASSWORD);
      const rows = await app.sql(
        'select action, actor_kind from audit_log where subject_id = $1 order by at',
        [id],
      );
      expect(rows).toEqual([
        { action: 'sign-in.failed', actor_kind: 'system' },
        { action: 'sign-in.succeeded', actor_kind: 'system' },
      ]);
    });

    it('opens a new session each time', async () => {
      const { email } = await anAccount(app);
      const answers = [await login(email, STAFF_PASSWORD), await login(email, STAFF_PASSWORD)];
      const sessions = answers.map(({ body }) => partsOf(String(body['accessToken'])).claims['sid']);
      expect(new Set(sessions).size).toBe(2);
    });

    it('takes no password that would have to be cut, and no body beside the two fields', async () => {
      expect((await login(OWNER_EMAIL, 'x'.repeat(129))).status).toBe(422);
      expect(
        (
          await app
            .as()
            .post('/api/auth/login', { email: OWNER_EMAIL, password: OWNER_PASSWORD, role: 'owner' })
        ).status,
      ).toBe(422);
      expect((await app.as().post('/api/auth/login', {})).body.errors.length).toBeGreaterThan(1);
    });
  });

  describe('guessing passwords', () => {
    it('waits longer and longer, and is not listened to meanwhile', async () => {
      const { email } = await anAccount(app);
      const address = freshAddress();
      const guess = () => login(email, 'wrong', address);
      for (let attempt = 1; attempt <= 4; attempt += 1)
        expect((await guess()).headers['retry-after']).toBeUndefined();
      expect((await guess()).headers['retry-after']).toBe('2');
      const blocked = await login(email, STAFF_PASSWORD, address);
      expect(blocked.status).toBe(429);
      expect(blocked.body['code']).toBe('rate-limited');
      expect(Number(blocked.headers['retry-after'])).toBeLessThanOrEqual(2);
      for (const expected of ['4', '8', '16']) {
        await app.sql('update security_counter set blocked_until = now() where blocked_until is not null');
        expect((await guess()).headers['retry-after']).toBe(expected);
      }
    });

    it('does not lock anybody out who signs in from elsewhere', async () => {
      const { email } = await anAccount(app);
      const stranger = freshAddress();
      for (let attempt = 1; attempt <= 6; attempt += 1) await login(email, 'wrong', stranger);
      expect((await login(email, STAFF_PASSWORD, stranger)).status).toBe(429);
      expect((await login(email, STAFF_PASSWORD)).status).toBe(200);
    });

    it('from everywhere at once makes signing in slow, and never impossible', async () => {
      const { email } = await anAccount(app);
      await login(email, 'wrong');
      await app.sql(
        `update security_counter set count = 24 where key like 'sign-in/account/%' and count = 1`,
      );
      const began = performance.now();
      expect((await login(email, STAFF_PASSWORD)).status).toBe(200);
      expect(performance.now() - began).toBeGreaterThan(400);
    });

    it('a hundred times at once counts a hundred times', async () => {
      const { email } = await anAccount(app);
      const address = freshAddress();
      const answers = await Promise.all(Array.from({ length: 100 }, () => login(email, 'wrong', address)));
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(95);
    });

    it('at many addresses from one place is stopped too', async () => {
      const address = freshAddress();
      await login('first@lawrei.example', 'wrong', address);
      await app.sql(`update security_counter set count = 48 where key like 'sign-in/ip/%' and count = 1`);
      expect((await login('second@lawrei.example', 'wrong', address)).status).toBe(401);
      expect((await login('third@lawrei.example', 'wrong', address)).headers['retry-after']).toBe('2');
      expect((await login('fourth@lawrei.example', 'wrong', address)).status).toBe(429);
    });

    it('is forgiven by the right one', async () => {
      const { email } = await anAccount(app);
      const address = freshAddress();
      for (let round = 1; round <= 3; round += 1) {
        for (let attempt = 1; attempt <= 3; attempt += 1)
          expect((await login(email, 'wrong', address)).status).toBe(401);
        expect((await login(email, STAFF_PASSWORD, address)).status).toBe(200);
      }
    });

    it('leaves no address readable in the counters, and counters at rest are cleared', async () => {
      await login('spy@lawrei.example', 'wrong', '192.0.2.77');
      const keys = (await app.sql<{ key: string }>('select key from security_counter')).map(({ key }) => key);
      expect(keys.filter((key) => /spy@|192\.0\.2/.test(key))).toEqual([]);
      await app.sql(`update security_counter set window_ends_at = now() - interval '1 second'`);
      await app.sweep();
      expect(await app.sql('select key from security_counter')).toEqual([]);
      expect(await app.get(SecurityCounters).take([])).toEqual([]);
    });
  });

  describe('the first account', () => {
    const accounts = async (of: TestApp) => of.sql('select email, role from account');

    it('is made once by two processes that start at the same moment', async () => {
      const database = await freshDatabase();
      const both = await Promise.all([TestApp.start({ database }), TestApp.start({ database })]);
      expect(await accounts(both[0])).toEqual([{ email: OWNER_EMAIL, role: 'owner' }]);
      await Promise.all(both.map((one) => one.stop()));
    });

    it('is made once, also when six find nobody at the very same moment', async () => {
      const other = await TestApp.start();
      await other.sql('delete from account');
      const gate = new pg.Client({ connectionString: other.database.ownerUrl });
      await gate.connect();
      await gate.query('begin');
      await gate.query('lock table account in share mode'); // may be read, not written
      const all = Promise.all(
        Array.from({ length: 6 }, () => other.get(FirstOwner).onApplicationBootstrap()),
      );
      await waitFor(async () => {
        const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return (await other.sql(waiting)).length === 6;
      });
      await gate.query('commit');
      await gate.end();
      await all;
      expect(await accounts(other)).toEqual([{ email: OWNER_EMAIL, role: 'owner' }]);
      await other.stop();
    });

    it('is made up where nothing is set, and its passphrase shown once', async () => {
      const printed = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
      const unset = { LAWREI_OWNER_EMAIL: '', LAWREI_OWNER_PASSWORD: '' };
      const database = await freshDatabase();
      const first = await TestApp.start({ database, env: unset });
      const shown = () =>
        printed.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('passphrase'));
      const password = /passphrase {2}(\S+)/.exec(shown()[0] ?? '')?.[1];
      const answer = await first.as().post('/api/auth/login', { email: 'owner@lawrei.example', password });
      await first.stop();
      const second = await TestApp.start({ database, env: unset });
      await second.stop();
      const times = shown().length;
      printed.mockRestore();
      expect(answer.body.account.role).toBe('owner');
      expect(times).toBe(1);
    });

    it('of the boot settings must have a password that is worth something', async () => {
      const owner = {
        email: 'a@lawrei.example',
        name: 'Owner',
        role: 'owner' as const,
        password: 'password1234',
      };
      await expect(app.get(Accounts).createFirst(BOOT, owner, async () => undefined)).rejects.toThrow(
        'tried first',
      );
    });

    it('and every further one can be made on the command line', async () => {
      const create = ['account:create', '--email', 'Reception@lawrei.example', '--role', 'reception'];
      const made = await lawrei(app, create, 'a phrase of my own\n');
      expect(made).toMatchObject({ code: 0, out: expect.stringContaining('(reception)') });
      expect(made.out + made.err).not.toContain('phrase of my own');
      expect((await login('reception@lawrei.example', 'a phrase of my own')).status).toBe(200);
      expect(await lawrei(app, create, 'a phrase of my own\n')).toMatchObject({
        code: 1,
        err: expect.stringContaining('exists'),
      });
      const short = ['account:create', '--email', 'b@lawrei.example', '--role', 'owner'];
      expect((await lawrei(app, short, 'short\n')).err).toContain('at least 12');
    });
  });
});
