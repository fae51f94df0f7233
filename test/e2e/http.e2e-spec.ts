import { IdempotencySweeper } from '../../src/http/idempotency-sweeper.js';
import { aStaffAccount, fromAddress, theOwner } from '../support/factories.js';
import { aGuestContact, asGuestOf, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Answer } from '../support/test-app.js';

describe('over HTTP', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
    salon = await openSalon(app);
  });
  afterAll(() => app.stop());

  let starts = 0;
  /** A start nobody has taken yet. */
  const freeStart = () => {
    starts += 1;
    const day = 4 + Math.floor(starts / 18);
    const minutes = 9 * 60 + (starts % 18) * 30;
    return `2030-03-${String(day).padStart(2, '0')}T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${minutes % 60 === 0 ? '00' : '30'}:00-05:00`;
  };
  const aRequest = (more: object = {}) => ({
    serviceId: salon.serviceId,
    start: freeStart(),
    customer: aGuestContact(),
    ...more,
  });
  const book = (body: unknown, key?: string) =>
    app.as().post('/api/bookings', body, key === undefined ? {} : { 'idempotency-key': key });
  const bookingsAt = async (start: string) =>
    (await app.sql('select id from booking where starts_at = $1', [start])).length;
  const isReplay = (answer: Answer) => answer.headers['idempotency-replayed'] === 'true';

  describe('a request with an Idempotency-Key', () => {
    it('does its work once, and says the same when it comes again', async () => {
      const request = aRequest();
      const [first, again, later] = [
        await book(request, 'key-1'),
        await book(request, 'key-1'),
        await book(request, 'key-1'),
      ];
      expect(first.status).toBe(201);
      expect(first.body.manageToken).toHaveLength(43);
      expect([isReplay(first), isReplay(again), isReplay(later)]).toEqual([false, true, true]);
      expect([again.status, again.text, again.headers['etag']]).toEqual([
        201,
        first.text,
        first.headers['etag'],
      ]);
      expect(later.text).toBe(first.text);
      expect(await bookingsAt(request.start)).toBe(1);
      const guest = await asGuestOf(app, later);
      expect((await guest.get(`/api/bookings/${first.body.id}`)).status).toBe(200);
    });

    it('does its work once although it comes twenty times at the same moment', async () => {
      for (let round = 1; round <= 3; round += 1) {
        const request = aRequest();
        const answers = await Promise.all(Array.from({ length: 20 }, () => book(request, `race-${round}`)));
        const made = answers.filter(({ status }) => status === 201);
        const waiting = answers.filter(({ status }) => status === 409);
        expect(made.length + waiting.length).toBe(20);
        expect(made.filter((answer) => !isReplay(answer))).toHaveLength(1);
        expect(new Set(made.map(({ text }) => text)).size).toBe(1);
        for (const { body, headers } of waiting) {
          expect([body.code, headers['retry-after']]).toEqual(['idempotency-in-progress', '1']);
        }
        expect(await bookingsAt(request.start)).toBe(1);
        expect((await book(request, `race-${round}`)).text).toBe(made[0]?.text);
      }
    });

    it('must not be another request under the same key', async () => {
      const request = aRequest();
      const first = await book(request, 'key-2');
      const other = await book({ ...request, notes: 'a window seat' }, 'key-2');
      expect(other.status).toBe(422);
      expect(other.body.code).toBe('idempotency-key-reused');
      expect(await bookingsAt(request.start)).toBe(1);

      const owner = app.as(await theOwner(app));
      const cancel = (body: object) =>
        owner.post(`/admin/bookings/${first.body.id}/cancel`, body, { 'idempotency-key': 'key-2' });
      const cancelled = await cancel({ reason: 'ill', onBehalfOf: 'salon' });
      expect(cancelled.status).toBe(200);
      expect(isReplay(await cancel({ reason: 'ill', onBehalfOf: 'salon' }))).toBe(true);
      const elsewhere = await owner.post(
        `/admin/bookings/${salon.serviceId}/cancel`,
        { reason: 'ill', onBehalfOf: 'salon' },
        { 'idempotency-key': 'key-2' },
      );
      expect(elsewhere.body.code).toBe('idempotency-key-reused');
    });

    it('never meets the key of somebody else', async () => {
      const [ada, bob] = [aRequest(), aRequest()];
      const [first, second] = [await book(ada, 'shared'), await book(bob, 'shared')];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body.customer.id).not.toBe(first.body.customer.id);
    });

    it('that was refused changed nothing, and is tried anew', async () => {
      const taken = aRequest();
      const holder = await book(taken);
      const late = { ...taken, customer: aGuestContact() };
      const refused = await book(late, 'key-3');
      expect([refused.status, refused.body.code]).toEqual([409, 'slot-unavailable']);
      expect(await app.sql('select 1 from customer where email = $1', [late.customer.email])).toEqual([]);
      await app
        .as(await theOwner(app))
        .post(`/admin/bookings/${holder.body.id}/cancel`, { reason: 'ill', onBehalfOf: 'salon' });
      const now = await book(late, 'key-3');
      expect([now.status, isReplay(now)]).toEqual([201, false]);
    });

    it('is remembered for 48 hours, then forgotten', async () => {
      const request = aRequest();
      await book(request, 'key-4');
      await app.sql(
        `update idempotency_key set created_at = now() - interval '47 hours' where key = 'key-4'`,
      );
      await app.get(IdempotencySweeper).prune();
      expect(isReplay(await book(request, 'key-4'))).toBe(true);
      await app.sql(
        `update idempotency_key set created_at = now() - interval '49 hours' where key = 'key-4'`,
      );
      expect((await book(request, 'key-4')).body.code).toBe('slot-unavailable');
      await app.get(IdempotencySweeper).prune();
      expect(await app.sql(`select 1 from idempotency_key where key = 'key-4'`)).toEqual([]);
    });

    it('is kept so that nobody who reads the table learns the answer or the contact', async () => {
      const request = aRequest();
      const { body } = await book(request, 'key-5');
      const kept = JSON.stringify(await app.sql(`select * from idempotency_key where key = 'key-5'`));
      for (const secret of [body.manageToken, body.id, request.customer.email, request.customer.phone])
        expect(kept).not.toContain(secret);
    });

    it('needs a key that can be read; without one each request stands for itself', async () => {
      for (const key of ['', ' ', 'x'.repeat(256), 'tab\there', 'ключ']) {
        expect([key, (await book(aRequest(), key)).status]).toEqual([key, 400]);
      }
      expect((await book(aRequest(), '~ any printable !"# one')).status).toBe(201);
      const request = aRequest();
      expect([(await book(request)).status, (await book(request)).status]).toEqual([201, 409]);
    });
  });

  describe('what a client has already', () => {
    it('need not be sent again: the catalogue', async () => {
      const first = await app.as().get('/api/services');
      const etag = String(first.headers['etag']);
      expect(etag).toMatch(/^"[\w-]{27}"$/);
      expect(first.headers['cache-control']).toBe('public, max-age=60, stale-while-revalidate=300');
      expect(first.headers['surrogate-key']).toBe('catalogue');
      expect(first.headers['content-type']).toBe('application/json; charset=utf-8');
      const again = await app.as().get('/api/services', { 'if-none-match': etag });
      expect([again.status, again.text, again.headers['etag'], again.headers['cache-control']]).toEqual([
        304,
        '',
        etag,
        'public, max-age=60, stale-while-revalidate=300',
      ]);
      await app.sql(`update service set name = name || '!'`);
      expect((await app.as().get('/api/services', { 'if-none-match': etag })).status).toBe(200);
    });

    it('need not be sent again: free times, although each answer was made at another moment', async () => {
      const url = `/api/slots?serviceId=${salon.serviceId}&from=2030-04-01&to=2030-04-02`;
      const first = await app.as().get(url);
      expect(first.headers['cache-control']).toBe('public, max-age=5, stale-while-revalidate=30');
      expect(first.headers['surrogate-key']).toBe('slots');
      const again = await app.as().get(url, { 'if-none-match': String(first.headers['etag']) });
      expect([again.status, again.text]).toEqual([304, '']);
    });

    it('is told by its version where it has one', async () => {
      const owner = app.as(await theOwner(app));
      const url = `/admin/services/${salon.serviceId}`;
      const first = await owner.get(url);
      expect(first.headers['etag']).toBe(`"${first.body.version}"`);
      expect(first.headers['cache-control']).toBe('private, no-store');
      expect(first.headers['surrogate-key']).toBeUndefined();
      expect((await owner.get(url, { 'if-none-match': `W/"${first.body.version}"` })).status).toBe(304);
      expect((await owner.get(url, { 'if-none-match': '"0"' })).status).toBe(200);
    });

    it('never is a refusal: none is cached', async () => {
      const missing = await app.as().get('/api/services/01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55');
      expect([missing.status, missing.headers['etag']]).toEqual([404, undefined]);
      expect(missing.headers['cache-control']).toMatch(/\bno-store$/);
      expect(missing.headers['surrogate-key']).toBeUndefined();
    });
  });

  describe('a minute', () => {
    let limited: TestApp;
    beforeAll(async () => {
      limited = await TestApp.start({ env: { RATE_LIMIT_SCALE: '1', TRUST_PROXY: '198.51.100.0/24' } });
    });
    afterAll(() => limited.stop());

    const ask = async (remoteAddress: string, url = '/api/services', headers: Record<string, string> = {}) =>
      limited.app.inject({ method: 'GET', url, remoteAddress, headers });
    const statuses = async (count: number, request: () => ReturnType<typeof ask>) => {
      const seen: Record<number, number> = {};
      for (let left = count; left > 0; left -= 50) {
        const answers = await Promise.all(Array.from({ length: Math.min(left, 50) }, request));
        for (const { statusCode } of answers) seen[statusCode] = (seen[statusCode] ?? 0) + 1;
      }
      return seen;
    };

    it('holds 60 requests of a visitor, and says so on each', async () => {
      const first = await ask('192.0.2.1');
      expect(first.headers['ratelimit-policy']).toBe('"default";q=60;w=60');
      expect(first.headers['ratelimit']).toBe('"default";r=59;t=60');
      expect(await statuses(60, () => ask('192.0.2.1'))).toEqual({ 200: 59, 429: 1 });
      const refused = await ask('192.0.2.1');
      expect(JSON.parse(refused.payload)).toMatchObject({ code: 'rate-limited', status: 429 });
      expect(refused.headers['content-type']).toContain('application/problem+json');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await ask('192.0.2.2')).statusCode).toBe(200);
    });

    it('is not made longer by a forged X-Forwarded-For, an unknown path or a wrong method', async () => {
      let forged = 0;
      const forwarded = () =>
        ask('192.0.2.3', '/api/services', { 'x-forwarded-for': `203.0.113.${(forged += 1)}` });
      expect(await statuses(61, forwarded)).toEqual({ 200: 60, 429: 1 });
      expect(await statuses(61, () => ask('192.0.2.4', '/api/nothing/here'))).toEqual({ 404: 60, 429: 1 });
      expect(await statuses(61, () => ask('192.0.2.5', '/admin/settings'))).toEqual({ 401: 60, 429: 1 });
    });

    it('is counted for each visitor behind a trusted proxy, by the address that proxy saw', async () => {
      let forged = 0;
      const through = (proxy: string, visitor: string) => () =>
        ask(proxy, '/api/services', { 'x-forwarded-for': `203.0.113.${(forged += 1)}, ${visitor}` });
      expect(await statuses(61, through('198.51.100.7', '192.0.2.20'))).toEqual({ 200: 60, 429: 1 });
      expect((await through('198.51.100.8', '192.0.2.20')()).statusCode).toBe(429);
      expect((await ask('192.0.2.20')).statusCode).toBe(429);
      expect((await through('198.51.100.7', '192.0.2.21')()).statusCode).toBe(200);
      expect(await statuses(61, through('192.0.2.22', '192.0.2.21'))).toEqual({ 200: 60, 429: 1 });
      expect((await ask('192.0.2.21')).statusCode).toBe(200);
    });

    it('always holds another health check, and a provider’s deliveries', async () => {
      expect(await statuses(70, () => ask('192.0.2.6', '/health/live'))).toEqual({ 200: 70 });
      const deliveries = await statuses(70, () =>
        limited.app.inject({ method: 'POST', url: '/webhooks/nobody', remoteAddress: '192.0.2.6' }),
      );
      expect(deliveries[429]).toBeUndefined();
    });

    it('holds 600 of a member of staff, from the very address where visitors are turned away', async () => {
      const { token } = await aStaffAccount(limited, { role: 'owner' });
      const authorization = `Bearer ${token}`;
      await statuses(61, () => ask('192.0.2.7'));
      expect((await ask('192.0.2.7')).statusCode).toBe(429);
      const answer = await ask('192.0.2.7', '/admin/settings', { authorization });
      expect([answer.statusCode, answer.headers['ratelimit']]).toEqual([200, '"default";r=599;t=60']);
      await statuses(598, () => ask('192.0.2.7', '/api/services', { authorization }));
      expect(await statuses(2, () => ask('192.0.2.8', '/admin/settings', { authorization }))).toEqual({
        200: 1,
        429: 1,
      });
    });

    it('holds 10 bookings of a visitor, beside the 60 of everything', async () => {
      const from = fromAddress(limited, '192.0.2.9');
      const first = await from.post('/api/bookings', {});
      expect(first.status).toBe(422);
      expect(first.headers['ratelimit']).toBe('"default";r=59;t=60, "booking";r=9;t=60');
      for (let attempt = 2; attempt <= 10; attempt += 1) await from.post('/api/bookings', {});
      expect((await from.post('/api/bookings', {})).status).toBe(429);
      expect((await ask('192.0.2.9')).statusCode).toBe(200);
    });
  });
});
