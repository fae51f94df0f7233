import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { askForCode, codeSentTo, signInBy } from '../support/codes.js';
import { forgedShapes } from '../support/forged-shapes.js';
import { forgedTokens, partsOf, signed } from '../support/forged-tokens.js';
import { anAccount, aPhone, aStaffAccount, STAFF_PASSWORD, theOwner } from '../support/factories.js';
import { said, signInFrom } from '../support/sign-in.js';
import { TestApp } from '../support/test-app.js';

const newPem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const [CURRENT, NEXT] = [newPem(), newPem()];

/** Any route of the owner's. */
const OWNERS = '/admin/settings';

describe('with an account', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { JWT_PRIVATE_KEY: CURRENT, JWT_NEXT_PRIVATE_KEY: NEXT } });
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
  });
  afterAll(() => app.stop());

  const login = (email: string, password: string) => signInFrom(app, email, password);

  describe('a token', () => {
    it('that was forged in any way is refused with one and the same answer', async () => {
      const { token: valid } = await aStaffAccount(app, { role: 'owner' });
      const { claims } = partsOf(await theOwner(app));
      const others = { accountId: String(claims['sub']), sessionId: String(claims['sid']) };
      const key = createPrivateKey(CURRENT);
      const forged = Object.entries({ ...forgedTokens(valid, key, others), ...forgedShapes(valid, key) });
      const reference = said(await app.as().get(OWNERS));
      expect(reference).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect((await app.as(valid).get(OWNERS)).status).toBe(200);
      expect(forged.length).toBeGreaterThanOrEqual(75);
      for (const [trick, token] of forged) {
        expect({ trick, ...said(await app.as(token).get(OWNERS)) }).toEqual({ trick, ...reference });
      }
    });

    it('of a customer that was forged in any way is refused just the same, and so is whatever else they hold', async () => {
      const phone = aPhone();
      const ada = await signInBy(app, 'sms', phone, 'Ada');
      const ben = await signInBy(app, 'sms', aPhone(), 'Ben');
      const own = `/api/customer-portal/${ada.id}/profile`;
      expect((await app.as(ada.token).get(own)).status).toBe(200);
      const { claims } = partsOf(ben.token);
      const others = { accountId: ben.id, sessionId: String(claims['sid']) };
      const key = createPrivateKey(CURRENT);
      const forged = Object.entries({
        ...forgedTokens(ada.token, key, others),
        ...forgedShapes(ada.token, key),
        'another kind': signed(
          { ...partsOf(ada.token), claims: { ...partsOf(ada.token).claims, kind: 'staff' } },
          key,
        ),
        'the refresh token': ada.refreshToken,
        'the challenge that was told': await askForCode(app, 'sms', phone),
        'the code that came': await codeSentTo(app, phone),
      });
      const reference = said(await app.as().get(own));
      expect(reference).toMatchObject({ status: 401, code: 'unauthenticated' });
      for (const [trick, token] of forged) {
        expect({ trick, ...said(await app.as(token).get(own)) }).toEqual({ trick, ...reference });
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
      const answers = await Promise.all([
        refresh(refreshToken),
        refresh(refreshToken),
        refresh(refreshToken),
      ]);
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
});
