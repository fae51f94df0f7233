import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.js';
import { Database } from '../../src/database/database.service.js';
import { Measurements } from '../../src/operations/measurements.service.js';
import { MetricsController } from '../../src/operations/metrics.controller.js';
import { RequestTallies } from '../../src/operations/request-tally.service.js';
import { Sentinel } from '../../src/operations/sentinel.service.js';
import { bookAsGuest, openSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';

const TOKEN = 'a token of the collector';

interface Rules {
  groups: { rules: { alert: string; expr: string }[] }[];
}
interface Board {
  panels: { title: string; targets: { expr: string }[] }[];
}

describe('the measurements', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { METRICS_TOKEN: TOKEN } });
    await app.timeIs('2030-03-01T14:00:00Z');
  });
  afterAll(() => app.stop());

  const measured = async () => (await app.request('GET', '/metrics', {}, TOKEN)).text;
  const valueOf = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1] ?? Number.NaN,
    );

  it('are for whoever has their token, and for nobody else', async () => {
    const asked = (token?: string) => app.request('GET', '/metrics', {}, token);
    const without = await asked();
    expect([without.status, without.body.code]).toEqual([401, 'unauthenticated']);
    expect((await asked(`${TOKEN}!`)).status).toBe(401);
    const told = await asked(TOKEN);
    expect([told.status, told.headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
  });

  it('are not to be had in production where no token was set', async () => {
    const config = Object.assign(loadConfig({}), { production: true });
    const controller = new MetricsController(config, app.get(Measurements));
    await expect(controller.metrics(undefined, {} as never)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('count each route by its template and its answer, whatever ids and addresses were in it', async () => {
    const salon = await openSalon(app);
    // One registry for each process, and other applications may have run in this one.
    const before = await measured();
    const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    await app.as().get(`/api/bookings/${booked.body.id}`);
    await app.as().get('/nowhere/ada@example.com');
    const text = await measured();
    const count = (labels: string) => {
      const series = `lawrei_http_request_duration_seconds_count{${labels}}`;
      return valueOf(text, series) - (valueOf(before, series) || 0);
    };
    expect(count('method="POST",route="/api/bookings",status="201"')).toBe(1);
    expect(count('method="POST",route="/api/bookings",status="409"')).toBe(1);
    expect(count('method="GET",route="/api/bookings/:id",status="401"')).toBe(1);
    expect(text).not.toContain('ada@example.com');
    expect(text).not.toContain(booked.body.id);
  });

  it('tell how sendings, effects and calls to providers end', async () => {
    await waitFor(async () => {
      const text = await measured();
      return (
        valueOf(text, 'lawrei_sendings_total{channel="sms",outcome="accepted"}') > 0 &&
        valueOf(text, 'lawrei_effects_total{handler="message.send",outcome="done"}') > 0 &&
        valueOf(text, 'lawrei_provider_call_duration_seconds_count{provider="twilio",outcome="ok"}') > 0
      );
    });
    await app.sql(
      `update outbox_message set state = 'dead', finished_at = now() where topic = 'booking.confirmed'`,
    );
    expect(valueOf(await measured(), 'lawrei_effects_dead{handler="messaging.plan"}')).toBeGreaterThan(0);
  });

  it('tell when the database is away, and go on', async () => {
    const { workers } = app.get(Database).pools;
    const connect = workers.connect.bind(workers);
    workers.connect = () => Promise.reject(new Error('away'));
    try {
      const text = await measured();
      expect(valueOf(text, 'lawrei_database_up')).toBe(0);
      expect(text).not.toMatch(/^lawrei_effects_dead\{/m);
    } finally {
      workers.connect = connect;
    }
    expect(valueOf(await measured(), 'lawrei_database_up')).toBe(1);
  });

  it('have every series that an alert or the dashboard asks for, and a paragraph for each alert', async () => {
    await app.get(Sentinel).prove();
    const known = new Set(
      [...(await measured()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
      ),
    );
    const { groups }: Rules = parse(readFileSync('docker/monitoring/alerts.yaml', 'utf8'));
    const { panels }: Board = JSON.parse(readFileSync('docker/monitoring/dashboard.json', 'utf8'));
    const rules = groups.flatMap((group) => group.rules);
    const asked = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ].flatMap((expr) => expr.match(/\b(lawrei|nodejs|process)_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    expect(rules.map(({ alert }) => alert).filter((alert) => !runbook.includes(`**${alert}**`))).toEqual([]);
  });
});

describe('a worker', () => {
  it('answers with its measurements, and otherwise to probes alone', async () => {
    const worker = await TestApp.start({ env: { LAWREI_ROLE: 'worker' } });
    try {
      expect((await worker.request('GET', '/metrics')).text).toContain('lawrei_database_up 1');
      expect((await worker.request('GET', '/api/services')).status).toBe(404);
    } finally {
      await worker.stop();
    }
  });
});

describe('requests', () => {
  it('are counted by day, route and outcome, across processes and starts', async () => {
    const app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    try {
      await app.timeIs('2030-03-02T04:59:00Z'); // a minute to midnight in New York
      const other = await TestApp.start({ database: app.database, env: { LAWREI_ROLE: 'api' } });
      const ask = async (times: number, on: TestApp) => {
        for (let at = 0; at < times; at += 1) await on.as().get('/api/services');
        await on.as().get('/api/customer-portal/someone@example.com');
      };
      await Promise.all([ask(2, app), ask(3, other)]);
      await Promise.all([app.get(RequestTallies).flush(), other.get(RequestTallies).flush()]);
      await app.timeIs('2030-03-02T05:01:00Z');
      await ask(1, other);
      await other.app.close();
      const counted = await app.sql(
        `select to_char(day, 'MM-DD') as day, route, outcome, requests::int as requests from request_tally order by 1, 2`,
      );
      expect(counted).toEqual([
        { day: '03-01', route: '/api/customer-portal/:email', outcome: 'unauthenticated', requests: 2 },
        { day: '03-01', route: '/api/services', outcome: 'ok', requests: 5 },
        { day: '03-02', route: '/api/customer-portal/:email', outcome: 'unauthenticated', requests: 1 },
        { day: '03-02', route: '/api/services', outcome: 'ok', requests: 1 },
      ]);
    } finally {
      await app.stop();
    }
  });
});
