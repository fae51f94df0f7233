import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { theOwner } from '../support/factories.js';
import { aGuestContact, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { asOwner, freshDatabase } from '../support/test-database.js';

const ORIGIN = 'https://salon.example';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('over HTTP', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    const database = await freshDatabase();
    const name = new URL(database.ownerUrl).pathname.slice(1);
    // In production locks are waited for 2 s; the tests are less patient.
    await asOwner(database, `alter role lawrei_app in database ${name} set lock_timeout = '300ms'`);
    app = await TestApp.start({ database, env: { CORS_ORIGINS: ORIGIN } });
    await app.timeIs('2030-03-01T14:00:00Z');
    salon = await openSalon(app);
    owner = app.as(await theOwner(app));
  });
  afterAll(() => app.stop());

  const send = (
    method: string,
    url: string,
    headers: Record<string, string>,
    payload?: string | Buffer | Readable,
  ) =>
    app.app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
  const JSON_TYPE = { 'content-type': 'application/json' };
  const codeOf = (payload: string) => String(JSON.parse(payload).code);

  describe('a page of another origin', () => {
    const preflight = (origin: string, method: string) =>
      send('OPTIONS', `/admin/staff/${newId()}/services`, {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,if-match',
      });

    it('reads answers when the salon named it', async () => {
      const { headers } = await send('GET', '/api/services', { origin: ORIGIN });
      expect(headers['access-control-allow-origin']).toBe(ORIGIN);
      expect(headers['access-control-expose-headers']).toContain('etag');
      expect(headers['vary']).toContain('Origin');
    });

    it('reads nothing when the salon did not', async () => {
      for (const origin of ['https://evil.example', `${ORIGIN}.evil.example`, 'null']) {
        const { headers } = await send('GET', '/api/services', { origin });
        expect([origin, headers['access-control-allow-origin']]).toEqual([origin, undefined]);
        expect((await preflight(origin, 'PUT')).headers['access-control-allow-origin']).toBeUndefined();
      }
    });

    it('may change things with every method and header of the API', async () => {
      const { statusCode, headers } = await preflight(ORIGIN, 'PUT');
      expect([statusCode, headers['access-control-allow-origin']]).toEqual([204, ORIGIN]);
      const list = (name: string) => String(headers[name]).split(/,\s*/).toSorted();
      expect(list('access-control-allow-methods')).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']);
      expect(list('access-control-allow-headers')).toEqual([
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'if-none-match',
        'x-request-id',
      ]);
    });
  });

  describe('a request that names its trace', () => {
    const linesOf = async (traceparent: string) => {
      const log = jest.spyOn(Logger.prototype, 'log');
      try {
        await app.as().get('/api/services', { traceparent });
        return log.mock.calls.map(([line]) => line);
      } finally {
        log.mockRestore();
      }
    };

    it('has it on its log line', async () => {
      const lines = await linesOf(`00-${TRACE}-00f067aa0ba902b7-01`);
      expect(lines).toContainEqual(expect.objectContaining({ route: '/api/services', traceId: TRACE }));
    });

    it('is served all the same when the name cannot be read', async () => {
      const lines = await linesOf(`00-${TRACE}-00f067aa0ba902b7`);
      expect(lines).toContainEqual(expect.objectContaining({ route: '/api/services', traceId: null }));
    });
  });

  describe('what never becomes a request', () => {
    /** Everything the server says to these bytes until it hangs up. */
    const say = (bytes: string) =>
      new Promise<{ head: string; body: Record<string, unknown> }>((resolve, reject) => {
        const socket = connect(app.config.port, '127.0.0.1', () => socket.write(bytes));
        let heard = '';
        socket.on('data', (data) => (heard += data.toString()));
        socket.on('error', reject);
        socket.on('end', () => {
          socket.end();
          const [head = '', body = ''] = heard.split('\r\n\r\n');
          resolve({ head, body: JSON.parse(body) });
        });
      });

    it.each([
      ['garbage', 'this is not HTTP\r\n\r\n', 400, 'malformed'],
      [
        'headers of more than 16 kB',
        `GET /api/services HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(17_000)}\r\n\r\n`,
        431,
        'headers-too-large',
      ],
    ])('is refused with a problem document: %s', async (_what, bytes, status, code) => {
      const { head, body } = await say(bytes);
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head).toContain('content-type: application/problem+json');
      expect(head).toContain('cache-control: no-store');
      expect(head).toContain('x-content-type-options: nosniff');
      expect(head).toContain(`x-request-id: ${String(body['requestId'])}`);
      expect(body).toMatchObject({ status, code, type: `${app.config.publicUrl}/problems/${code}` });
      expect(body).not.toHaveProperty('instance');
    });

    it.each([
      ['cannot be decoded', '/api/services/%E0%A4%A', 'The URL cannot be read.'],
      ['has too long a part', `/api/services/${'a'.repeat(301)}`, 'A part of the URL is too long.'],
    ])('is refused with a problem document: a URL that %s', async (_what, url, detail) => {
      const { status, body, headers } = await app.as().get(url);
      expect([status, body.code, body.detail]).toEqual([400, 'malformed', detail]);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-request-id': body.requestId,
      });
      expect(headers['content-type']).toContain('application/problem+json');
    });
  });

  describe('a body', () => {
    const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
    const book = (text: string) => send('POST', '/api/bookings', JSON_TYPE, text);
    const deep = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

    it('of a provider holds 64 kB, also when its length was not told before', async () => {
      const chunks = (size: number) =>
        Readable.from([Buffer.alloc(size - 1_000, 'a'), Buffer.alloc(1_000, 'a')]);
      for (const [size, status] of [
        [64_000, 403],
        [64_001, 413],
      ] as const) {
        const told = await send('POST', '/webhooks/twilio/status', FORM, 'a'.repeat(size));
        const untold = await send('POST', '/webhooks/twilio/status', FORM, chunks(size));
        expect([size, told.statusCode, untold.statusCode]).toEqual([size, status, status]);
      }
    });

    it('of anybody else holds 100 kB', async () => {
      expect((await book('{}'.padEnd(100_000))).statusCode).toBe(422);
      const tooLarge = await book('{}'.padEnd(100_001));
      expect([tooLarge.statusCode, codeOf(tooLarge.payload)]).toEqual([413, 'payload-too-large']);
    });

    it('nests 20 levels deep, and no deeper', async () => {
      expect((await book(deep(20))).statusCode).toBe(422);
      const tooDeep = await book(deep(21));
      expect([tooDeep.statusCode, codeOf(tooDeep.payload)]).toEqual([400, 'malformed']);
    });

    it('is UTF-8, and never read as if it were when it says otherwise', async () => {
      const as = (type: string) => send('POST', '/api/bookings', { 'content-type': type }, '{}');
      for (const type of [
        'application/json',
        'application/json; charset=utf-8',
        'application/json;charset="UTF-8"',
      ])
        expect([type, (await as(type)).statusCode]).toEqual([type, 422]);
      for (const charset of ['utf-16', 'UTF-16LE', 'iso-8859-1', '"utf-32"', '']) {
        const { statusCode, payload } = await as(`application/json; charset=${charset}`);
        expect([charset, statusCode, codeOf(payload)]).toEqual([charset, 415, 'unsupported-media-type']);
      }
    });
  });

  describe('a change under a condition', () => {
    it('happens to any version when it asks only that there is one', async () => {
      const url = `/admin/services/${salon.serviceId}`;
      const { version } = (await owner.get(url)).body;
      expect((await owner.patch(url, { durationMinutes: 45 }, {})).status).toBe(428);
      const weak = await owner.patch(url, { durationMinutes: 45 }, { 'if-match': `W/"${version}"` });
      expect([weak.status, weak.body.code]).toEqual([412, 'version-mismatch']);
      expect((await owner.patch(url, { durationMinutes: 45 }, { 'if-match': '*' })).status).toBe(200);
      const missing = await owner.patch(`/admin/services/${newId()}`, {}, { 'if-match': '*' });
      expect(missing.status).toBe(404);
    });

    it('is the same where no condition is demanded', async () => {
      const { version } = (await owner.get('/admin/settings')).body;
      const change = (tag: string) =>
        owner.patch('/admin/settings', { maxReschedules: 4 }, { 'if-match': tag });
      expect((await change(`W/"${version}"`)).status).toBe(412);
      expect((await change('nonsense')).status).toBe(412);
      expect((await change('*')).status).toBe(200);
    });
  });

  describe('what is not there', () => {
    it('is told in one sentence, whether the path or the thing is unknown', async () => {
      const answers = await Promise.all(
        ['/api/nothing', `/api/services/${newId()}`, '/api/services/no-id'].map((url) => app.as().get(url)),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect(new Set(answers.map(({ body }) => `${body.title} ${body.detail}`)).size).toBe(1);
    });

    it('is told with the methods that are there', async () => {
      for (const [method, url, allow] of [
        ['DELETE', '/api/services', 'GET, HEAD'],
        ['GET', '/api/auth/login', 'POST'],
      ] as const) {
        const { status, body, headers } = await app.request(method, url);
        expect([url, status, body.code, headers['allow']]).toEqual([url, 405, 'method-not-allowed', allow]);
      }
    });
  });

  describe('a database that is too busy', () => {
    const busy = { status: 503, body: expect.objectContaining({ code: 'unavailable' }) };
    const book = (headers: Record<string, string> = {}) =>
      app
        .as()
        .post(
          '/api/bookings',
          { serviceId: salon.serviceId, start: '2030-03-04T10:00:00-05:00', customer: aGuestContact() },
          headers,
        );

    it('is told as 503 with a time to come back, when no connection is free', async () => {
      const { requests } = app.get(Database).pools;
      const patience = requests.options.connectionTimeoutMillis;
      const errors = jest.spyOn(Logger.prototype, 'error');
      const held = await Promise.all(Array.from({ length: 8 }, () => requests.connect()));
      requests.options.connectionTimeoutMillis = 100;
      try {
        const refused = await book({ traceparent: `00-${TRACE}-00f067aa0ba902b7-01` });
        expect(refused).toMatchObject(busy);
        expect(refused.headers['retry-after']).toBe('2');
        const told = expect.objectContaining({ code: 'unavailable', traceId: TRACE });
        expect(errors.mock.calls.map(([line]) => line)).toContainEqual(told);
      } finally {
        requests.options.connectionTimeoutMillis = patience;
        for (const client of held) client.release();
        errors.mockRestore();
      }
      expect((await book()).status).toBe(201);
    });

    it('is told the same way when a command waits for a lock in vain', async () => {
      const holder = new pg.Client({ connectionString: app.database.ownerUrl });
      await holder.connect();
      try {
        await holder.query('begin; select 1 from business for update');
        const refused = await owner.patch('/admin/settings', { maxReschedules: 3 });
        expect(refused).toMatchObject(busy);
        expect(refused.headers['retry-after']).toBe('2');
      } finally {
        await holder.end();
      }
      expect((await owner.patch('/admin/settings', { maxReschedules: 3 })).status).toBe(200);
    });
  });
});
