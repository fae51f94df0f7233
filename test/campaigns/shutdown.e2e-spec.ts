import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { SignalledApp } from '../support/signalled-app.js';
import { OWNER_EMAIL, OWNER_PASSWORD } from '../support/test-app.js';
import { freshDatabase, testHome } from '../support/test-database.js';

const MINUTE_MS = 60_000;

/** Signs in; slow as long as somebody locks the accounts. */
const signIn = (app: SignalledApp) =>
  fetch(`${app.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: OWNER_EMAIL, password: OWNER_PASSWORD }),
  });

/** Keeps sign-ins waiting in an embedded database until released. */
async function lockAccounts(dataDir: string): Promise<() => Promise<void>> {
  const secrets: { port: number; ownerPassword: string } = JSON.parse(
    readFileSync(join(dataDir, 'postgres/secrets.json'), 'utf8'),
  );
  const client = new pg.Client({
    host: '127.0.0.1',
    port: secrets.port,
    user: 'lawrei_owner',
    password: secrets.ownerPassword,
    database: 'lawrei',
  });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin; lock table account');
  return () => client.end();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a process that is asked to end', () => {
  const dataDir = mkdtempSync(join(testHome(), 'shutdown-'));
  const env = {
    LAWREI_DATA_DIR: dataDir,
    LAWREI_OWNER_EMAIL: OWNER_EMAIL,
    LAWREI_OWNER_PASSWORD: OWNER_PASSWORD,
  };
  const started: SignalledApp[] = [];
  const start = async (variables: Record<string, string>) => {
    const app = await SignalledApp.start(variables);
    started.push(app);
    return app;
  };
  afterAll(() => started.forEach((app) => app.kill()));
  const isDatabaseUp = () => existsSync(join(dataDir, 'postgres/data/postmaster.pid'));

  it(
    'finishes the requests it has, takes no new ones, stops its database and exits with 0',
    async () => {
      const app = await start(env);
      const release = await lockAccounts(dataDir);
      const inFlight = signIn(app);
      await pause(300);
      app.signal('SIGTERM');
      await pause(300);
      const ready = await app.statusOf('/health/ready');
      await release();
      const answer = await inFlight;
      expect([503, null]).toContain(ready);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('connection')).toBe('close');
      expect(await app.ended()).toBe(0);
      expect(isDatabaseUp()).toBe(false);
    },
    MINUTE_MS,
  );

  it(
    'ends at once when asked a second time, and the next start adopts the database it left behind',
    async () => {
      const app = await start(env);
      const release = await lockAccounts(dataDir);
      const inFlight = signIn(app).catch(() => null);
      await pause(300);
      app.signal('SIGTERM');
      await pause(100);
      app.signal('SIGTERM');
      expect(await app.ended()).toBe(1);
      expect(await inFlight).toBeNull();
      await release();
      expect(isDatabaseUp()).toBe(true);

      const next = await start(env);
      next.signal('SIGINT');
      expect(await next.ended()).toBe(0);
      expect(next.output).toContain('was still running and was adopted');
      expect(isDatabaseUp()).toBe(false);
    },
    MINUTE_MS,
  );

  it(
    'goes on serving for five seconds in production, while readiness sends new requests elsewhere',
    async () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const app = await start({
        NODE_ENV: 'production',
        DATABASE_APP_URL: (await freshDatabase()).appUrl,
        LAWREI_DATA_DIR: mkdtempSync(join(testHome(), 'production-')),
        JWT_PRIVATE_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
        ENCRYPTION_KEY: 'k'.repeat(40),
        PUBLIC_URL: 'https://salon.example',
        LAWREI_OWNER_EMAIL: OWNER_EMAIL,
        LAWREI_OWNER_PASSWORD: OWNER_PASSWORD,
      });
      const sandbox = await app.statusOf('/sandbox');
      const began = performance.now();
      app.signal('SIGTERM');
      await pause(200);
      const atOnce = [
        await app.statusOf('/health/ready'),
        await app.statusOf('/health/live'),
        (await signIn(app)).status,
      ];
      await pause(4_000);
      const late = [await app.statusOf('/health/ready'), await app.statusOf('/health/live')];
      const code = await app.ended();
      expect(sandbox).toBe(404);
      expect(atOnce).toEqual([503, 200, 200]);
      expect(late).toEqual([503, 200]);
      expect(performance.now() - began).toBeGreaterThan(5_000);
      expect(code).toBe(0);
    },
    MINUTE_MS,
  );
});
