import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { Script } from 'node:vm';
import pg from 'pg';
import { Accounts } from '../../src/auth/accounts.service.js';
import { FirstOwner } from '../../src/auth/first-owner.js';
import { ManageLinks } from '../../src/auth/manage-links.service.js';
import { SecurityCounters } from '../../src/auth/security-counters.js';
import { BOOT } from '../../src/common/actor.js';
import { forgedTokens, partsOf, signed } from '../support/forged-tokens.js';
import {
  aManageLink,
  anAccount,
  aStaffAccount,
  fromAddress,
  STAFF_PASSWORD,
  theOwner,
} from '../support/factories.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { OWNER_EMAIL, OWNER_PASSWORD, TestApp, waitFor, type Answer } from '../support/test-app.js';
import { freshDatabase } from '../support/test-database.js';

const newPem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const [CURRENT, NEXT] = [newPem(), newPem()];

/** Any route of the owner's. */
const OWNERS = '/admin/settings';

/** What a refusal says, but for the request it answers. */
const said = ({ status, body }: Pick<Answer, 'status' | 'body'>) => ({
  ...body,
  status,
  requestId: '',
  instance: '',
});

let addresses = 0;
const freshAddress = () => `198.51.${100 + Math.floor((addresses += 1) / 250)}.${(addresses % 250) + 1}`;

let app: TestApp;
let salon: OpenSalon;
beforeAll(async () => {
  app = await TestApp.start({ env: { JWT_PRIVATE_KEY: CURRENT, JWT_NEXT_PRIVATE_KEY: NEXT } });
  await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
  salon = await openSalon(app);
});
afterAll(() => app.stop());

const login = (email: string, password: string, address = freshAddress()) =>
  fromAddress(app, address).post('/api/auth/login', { email, password });

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
    const rows = await app.sql('select action, actor_kind from audit_log where subject_id = $1 order by at', [
      id,
    ]);
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
    await app.sql(`update security_counter set count = 24 where key like 'sign-in/account/%' and count = 1`);
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
    expect(keys.filter((key) => /spy|192\.0\.2/.test(key))).toEqual([]);
    await app.sql(`update security_counter set window_ends_at = now() - interval '1 second'`);
    await app.sweep();
    expect(await app.sql('select key from security_counter')).toEqual([]);
    expect(await app.get(SecurityCounters).take([])).toEqual([]);
  });
});

describe('a token', () => {
  it('that was forged in any way is refused with one and the same answer', async () => {
    const { token: valid } = await aStaffAccount(app, { role: 'owner' });
    const { claims } = partsOf(await theOwner(app));
    const others = { accountId: String(claims['sub']), sessionId: String(claims['sid']) };
    const forged = Object.entries(forgedTokens(valid, createPrivateKey(CURRENT), others));
    const reference = said(await app.as().get(OWNERS));
    expect(reference).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await app.as(valid).get(OWNERS)).status).toBe(200);
    expect(forged.length).toBeGreaterThan(20);
    for (const [trick, token] of forged) {
      expect({ trick, ...said(await app.as(token).get(OWNERS)) }).toEqual({ trick, ...reference });
    }
  });

  it('is taken from the Authorization header alone, as Bearer', async () => {
    const token = await theOwner(app);
    const sent = async (headers: Record<string, string>, url = OWNERS) =>
      (await app.as().get(url, headers)).status;
    expect(await sent({ authorization: `bearer ${token}` })).toBe(200);
    for (const authorization of [
      token,
      `Basic ${token}`,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      'Bearer',
      '',
    ]) {
      expect(await sent({ authorization })).toBe(401);
    }
    expect(await sent({ cookie: `accessToken=${token}` })).toBe(401);
    expect(await sent({}, `${OWNERS}?access_token=${token}`)).toBe(401);
  });

  it('signed with the next key is accepted before that key signs', async () => {
    const { header, claims } = partsOf(await theOwner(app));
    const { current } = new (await import('../../src/auth/signing-keys.js')).SigningKeys({
      ...app.config,
      jwtPrivateKeys: [NEXT],
    });
    const token = signed({ header: { ...header, kid: current.kid }, claims }, createPrivateKey(NEXT));
    expect((await app.as(token).get(OWNERS)).status).toBe(200);
  });

  it('that is not valid is refused on public routes too: nobody is served as less than they claim', async () => {
    expect((await app.as().get('/api/services')).status).toBe(200);
    expect((await app.as(await theOwner(app)).get('/api/services')).status).toBe(200);
    for (const authorization of ['Bearer aaaa.bbbb.cccc', 'Bearer', 'Basic b3duZXI6c2VjcmV0']) {
      expect((await app.as().get('/api/services', { authorization })).status).toBe(401);
    }
  });

  it('of a lower role is refused, and that is on record once a minute', async () => {
    const { id, token } = await aStaffAccount(app, { role: 'manager' });
    const answers = [
      await app.as(token).get(OWNERS),
      await app.as(token).get(OWNERS),
      await app.as(token).get('/admin/outbox'),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 3 }, () => [403, 'forbidden']),
    );
    const rows = await app.sql(
      `select action, details from audit_log where actor_id = $1 and action = 'access.denied' order by at`,
      [id],
    );
    expect(rows.map(({ details }) => details.route)).toEqual([`GET ${OWNERS}`, 'GET /admin/outbox']);
  });

  it('loses what its role loses, its account or its session, with the next request', async () => {
    const { id, token } = await aStaffAccount(app, { role: 'owner' });
    const status = async () => (await app.as(token).get(OWNERS)).status;
    expect(await status()).toBe(200);
    await app.sql(`update account set role = 'manager' where id = $1`, [id]);
    expect(await status()).toBe(403);
    await app.sql(`update account set role = 'owner', disabled_at = now() where id = $1`, [id]);
    expect(await status()).toBe(401);
    await app.sql(`update account set disabled_at = null where id = $1`, [id]);
    expect(await status()).toBe(200);
    await app.sql(`update session set expires_at = now() where account_id = $1`, [id]);
    expect(await status()).toBe(401);
  });

  it('says when its session was last seen, without writing on every request', async () => {
    const { id, token } = await aStaffAccount(app, { role: 'owner' });
    const seen = async () =>
      (await app.sql<{ at: Date }>('select last_seen_at as at from session where account_id = $1', [id]))[0]
        ?.at;
    const atSignIn = await seen();
    await app.as(token).get(OWNERS);
    expect(await seen()).toEqual(atSignIn);
    await app.sql(`update session set last_seen_at = now() - interval '6 minutes' where account_id = $1`, [
      id,
    ]);
    await app.as(token).get(OWNERS);
    expect(Number(await seen())).toBeGreaterThanOrEqual(Number(atSignIn));
  });
});

describe('signing out', () => {
  it('ends the session at once, its refresh token too, and no other session', async () => {
    const { email } = await anAccount(app, { role: 'owner' });
    const [one, other] = [await login(email, STAFF_PASSWORD), await login(email, STAFF_PASSWORD)];
    const token = String(one.body['accessToken']);
    expect((await app.as(token).post('/api/auth/logout')).status).toBe(204);
    expect((await app.as(token).get(OWNERS)).status).toBe(401);
    expect((await app.as(token).post('/api/auth/logout')).status).toBe(401);
    expect(
      (await app.as().post('/api/auth/refresh', { refreshToken: one.body['refreshToken'] })).status,
    ).toBe(401);
    expect((await app.as(String(other.body['accessToken'])).get(OWNERS)).status).toBe(200);
  });

  it('needs somebody who is signed in', async () => {
    expect((await app.as().post('/api/auth/logout')).status).toBe(401);
  });
});

describe('a refresh token', () => {
  const refresh = (refreshToken: unknown) => app.as().post('/api/auth/refresh', { refreshToken });
  const signedIn = async () => {
    const { id, email } = await anAccount(app, { role: 'owner' });
    const { body } = await login(email, STAFF_PASSWORD);
    return { id, refreshToken: body['refreshToken'], accessToken: body['accessToken'] };
  };
  const standing = async (accessToken: unknown) =>
    (await app.as(String(accessToken)).get(OWNERS)).status === 200;

  it('buys its successor and a new access token', async () => {
    const first = await signedIn();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.body.refreshToken);
    expect([second.status, third.status]).toEqual([200, 200]);
    expect(new Set([first.refreshToken, second.body.refreshToken, third.body.refreshToken]).size).toBe(3);
    expect(second.body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 600,
    });
    expect(await standing(third.body.accessToken)).toBe(true);
  });

  it('gets the same successor again when the first answer was lost, also for two who ask at once', async () => {
    const { refreshToken } = await signedIn();
    const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken), refresh(refreshToken)]);
    const again = await refresh(refreshToken);
    expect([...answers, again].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set([...answers, again].map(({ body }) => body.refreshToken)).size).toBe(1);
    expect((await refresh(again.body.refreshToken)).status).toBe(200);
  });

  it('that comes a second time, later, ends the whole session', async () => {
    const { id, refreshToken, accessToken } = await signedIn();
    const second = await refresh(refreshToken);
    await app.sql(
      `update refresh_token set used_at = now() - interval '11 seconds' where used_at is not null`,
    );
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(second.body.refreshToken)).status).toBe(401);
    expect(await standing(accessToken)).toBe(false);
    expect(await standing(second.body.accessToken)).toBe(false);
    const reused = await app.sql(
      `select 1 from audit_log l join session s on s.id = l.subject_id where s.account_id = $1 and l.action = 'session.token-reused'`,
      [id],
    );
    expect(reused).toHaveLength(1);
  });

  it('ends the session as well when its successor has been used by somebody already', async () => {
    const { refreshToken } = await signedIn();
    const second = await refresh(refreshToken);
    const third = await refresh(second.body.refreshToken);
    expect((await refresh(refreshToken)).status).toBe(401);
    expect(await standing(third.body.accessToken)).toBe(false);
  });

  it('is nothing after a week alone, for a disabled account, or when nobody ever gave it out', async () => {
    const idle = await signedIn();
    await app.sql(
      `update refresh_token set expires_at = now() from session s where s.id = session_id and s.account_id = $1`,
      [idle.id],
    );
    const disabled = await signedIn();
    await app.sql(`update account set disabled_at = now() where id = $1`, [disabled.id]);
    const answers = [
      await refresh(idle.refreshToken),
      await refresh(disabled.refreshToken),
      await refresh('x'.repeat(43)),
    ];
    expect(answers.map(said)).toEqual([said(answers[0]!), said(answers[0]!), said(answers[0]!)]);
    expect(answers[0]?.status).toBe(401);
    expect((await refresh('short')).status).toBe(422);
  });

  it('is no access token, and is not kept in clear', async () => {
    const { refreshToken } = await signedIn();
    expect((await app.as(String(refreshToken)).get(OWNERS)).status).toBe(401);
    expect(await app.sql('select 1 from refresh_token where token_hash = $1', [refreshToken])).toEqual([]);
  });

  it('goes with its session a month after that ended', async () => {
    const { id } = await signedIn();
    await app.sql(`update session set expires_at = now() - interval '31 days' where account_id = $1`, [id]);
    await app.sweep();
    expect(await app.sql('select 1 from session where account_id = $1', [id])).toEqual([]);
  });
});

describe('a manage link', () => {
  let hour = 9;
  const aBooking = () =>
    bookAsGuest(
      app,
      salon,
      `2030-03-0${hour > 16 ? 5 : 4}T${String(((hour += 1) % 9) + 9).padStart(2, '0')}:00:00-05:00`,
    );
  const open = (token: unknown) => app.as().post('/api/manage/session', { token });

  it('opens its one booking and nothing else', async () => {
    const [mine, other] = [await aBooking(), await aBooking()];
    const session = await open(mine.body.manageToken);
    expect(session.status).toBe(200);
    expect(session.body).toEqual({
      accessToken: expect.any(String),
      expiresIn: 600,
      booking: { id: mine.body.id },
    });
    const guest = app.as(session.body.accessToken);
    expect((await guest.get(`/api/bookings/${mine.body.id}`)).status).toBe(200);
    const stranger = await guest.get(`/api/bookings/${other.body.id}`);
    const nobody = await guest.get(`/api/bookings/${salon.serviceId}`);
    expect(said(stranger)).toEqual(said(nobody));
    expect(stranger.status).toBe(404);
    expect((await guest.get(OWNERS)).status).toBe(403);
  });

  it('stays shut alike when it is unknown, expired or revoked', async () => {
    const { body } = await aBooking();
    const whose = { bookingId: body.id, customerId: body.customer.id };
    const expired = await open(await aManageLink(app, { ...whose, minutes: -1 }));
    const revokedToken = await aManageLink(app, whose);
    await app.sql('update manage_link set revoked_at = now() where booking_id = $1', [body.id]);
    const answers = [await open('x'.repeat(43)), expired, await open(revokedToken)];
    expect(answers[0]?.status).toBe(404);
    expect(answers.map(said)).toEqual([said(answers[0]!), said(answers[0]!), said(answers[0]!)]);
  });

  it('takes its guests with it when it is revoked, and when the appointment is over', async () => {
    const booked = await aBooking();
    const [revoked, over] = [await asGuestOf(app, booked), await asGuestOf(app, await aBooking())];
    const status = async (guest: typeof over) => (await guest.get(`/api/bookings/${booked.body.id}`)).status;
    expect(await status(revoked)).toBe(200);
    await app.sql('update manage_link set revoked_at = now() where booking_id = $1', [booked.body.id]);
    expect(await status(revoked)).toBe(401);
    expect(await status(over)).toBe(404);
    await app.timeIs('2030-03-06T14:00:00Z');
    expect(await status(over)).toBe(401);
    await app.timeIs('2030-03-01T14:00:00Z');
  });

  it('leads to a page that only runs its own script, and is found by no search engine', async () => {
    const page = await app.as().get('/manage');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(page.headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(page.headers['cache-control']).toBe('private, no-store');
    const policy = page.headers['content-security-policy'];
    const [, script = ''] = /<script>([^]*)<\/script>/.exec(page.text) ?? [];
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page.text) ?? [];
    const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain(`script-src 'sha256-${hashOf(script)}';`);
    expect(policy).toContain(`style-src 'sha256-${hashOf(style)}';`);
    expect(page.text).not.toMatch(/ (style|on\w+)=/);
    expect(() => new Script(script)).not.toThrow();
    expect(app.get(ManageLinks).urlFor('token')).toBe(`${app.config.publicUrl}/manage#token`);
  });

  it('gives an hour at most, and no refresh token', async () => {
    const { body } = await aBooking();
    await open(body.manageToken);
    const [session] = await app.sql(
      `select expires_at - created_at <= interval '1 hour' as short, not exists (select from refresh_token r where r.session_id = s.id) as bare
         from session s where booking_id = $1`,
      [body.id],
    );
    expect(session).toEqual({ short: true, bare: true });
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
    const all = Promise.all(Array.from({ length: 6 }, () => other.get(FirstOwner).onApplicationBootstrap()));
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
    const lawrei = async (input: string, ...args: string[]) => {
      const child = spawn(process.execPath, ['--import', './scripts/swc-hooks.mjs', 'src/cli.ts', ...args], {
        env: {
          PATH: process.env['PATH'],
          NODE_ENV: 'test',
          DATABASE_APP_URL: app.database.appUrl,
          LAWREI_DATA_DIR: app.config.dataDir,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (data) => (output += data));
      child.stderr.on('data', (data) => (output += data));
      child.stdin.end(input);
      const [code] = await once(child, 'close');
      return { code, output };
    };
    const create = ['account:create', '--email', 'Reception@lawrei.example', '--role', 'reception'];
    const made = await lawrei('a phrase of my own\n', ...create);
    expect(made).toEqual({ code: 0, output: expect.stringContaining('(reception)') });
    expect(made.output).not.toContain('phrase of my own');
    expect((await login('reception@lawrei.example', 'a phrase of my own')).status).toBe(200);
    expect(await lawrei('a phrase of my own\n', ...create)).toMatchObject({
      code: 1,
      output: expect.stringContaining('exists'),
    });
    expect(
      (await lawrei('short\n', 'account:create', '--email', 'b@lawrei.example', '--role', 'owner')).output,
    ).toContain('at least 12');
  });
});
