import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '../../src/common/ids.js';
import { Database } from '../../src/database/database.service.js';
import { TestApp, waitFor } from '../support/test-app.js';

/** Collects what is sent to it in Sentry's way: envelopes of JSON lines. */
class Collector {
  readonly envelopes: string[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      let text = '';
      request.on('data', (data) => (text += String(data)));
      request.on('end', () => {
        this.envelopes.push(`${request.url}\n${text}`);
        response.writeHead(this.answer).end('{}');
      });
    });
  }

  answer = 200;

  static async start(): Promise<Collector> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Collector(server);
  }

  get dsn(): string {
    return `http://publickey@127.0.0.1:${(this.server.address() as AddressInfo).port}/42`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('errors that nobody foresaw', () => {
  let collector: Collector;
  let app: TestApp;
  beforeAll(async () => {
    collector = await Collector.start();
    app = await TestApp.start({ env: { SENTRY_DSN: collector.dsn } });
  });
  afterAll(async () => {
    await app.stop();
    collector.stop();
  });
  beforeEach(() => collector.envelopes.splice(0));

  /** Lets the next transaction fail as a broken program would. */
  const broken = async <T>(words: string, work: () => Promise<T>): Promise<T> => {
    const database = app.get(Database);
    const read = database.readPublic.bind(database);
    database.readPublic = () => Promise.reject(new Error(words));
    try {
      return await work();
    } finally {
      database.readPublic = read;
    }
  };

  it('are sent with their place and ids, and with nothing that names somebody', async () => {
    const answer = await broken('Key (email)=(ada@example.com) of +14155550100 is broken', () =>
      app.request('GET', `/api/slots?serviceId=${newId()}&from=2030-03-04&to=2030-03-04`, {
        headers: { 'x-request-id': 'a-request-of-mine', 'user-agent': 'Ada’s own browser' },
      }),
    );
    expect([answer.status, answer.body.code]).toEqual([500, 'internal']);
    await waitFor(async () => collector.envelopes.length > 0);
    const [envelope = ''] = collector.envelopes;
    expect(envelope).toMatch(/^\/api\/42\/envelope\/\?.*sentry_key=publickey/);
    const event = JSON.parse(envelope.trim().split('\n').at(-1) ?? '');
    expect(event).toMatchObject({
      exception: { values: [{ type: 'Error', value: 'Key (email)=([value]) of [number] is broken' }] },
      tags: { requestId: 'a-request-of-mine', route: '/api/slots', role: 'all' },
      environment: 'development',
    });
    expect(event.exception.values[0].stacktrace.frames.length).toBeGreaterThan(0);
    expect(envelope).not.toMatch(/ada@|4155550100|browser|127\.0\.0\.1:\d+\/api/i);
  });

  it('are not what users do wrong', async () => {
    await app.as().get('/api/slots?serviceId=nonsense');
    await app.as().get('/api/customer-portal/ada@example.com');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(collector.envelopes).toEqual([]);
  });

  it('of effects are sent once they are given up', async () => {
    await app.sql(
      `insert into outbox_message (id, topic, handler, lane, payload, dedupe_key, due_at) values ($1, 'sms.status', 'sms.status', 'usual', '{}', $2, app_now())`,
      [newId(), newId()],
    );
    await waitFor(async () =>
      collector.envelopes.some((envelope) => envelope.includes('a report about nothing')),
    );
    expect(collector.envelopes.join('\n')).toContain('"handler":"sms.status"');
  });

  it('fail nothing when nobody takes them', async () => {
    collector.answer = 500;
    const answer = await broken('again', () =>
      app.as().get(`/api/slots?serviceId=${newId()}&from=2030-03-04&to=2030-03-04`),
    );
    collector.answer = 200;
    expect(answer.status).toBe(500);
    expect((await app.as().get('/health/ready')).status).toBe(200);
  });
});
