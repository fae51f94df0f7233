import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Failpoint } from '../../src/common/failpoint.js';
import { SandboxClient } from '../../src/sandbox/sandbox.client.js';
import { startSandbox, stopSandbox } from '../../src/sandbox/sandbox.process.js';
import { freePort } from '../../src/database/free-port.js';
import { built, TEST_BUILD } from './test-build.js';
import { OWNER_EMAIL, OWNER_PASSWORD, waitFor } from './test-app.js';
import type { TestDatabase } from './test-database.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Short enough that what a killed process held is taken up at once; the same rules as with the usual minute. */
const SHORT = {
  OUTBOX_LEASE_MS: '700',
  OUTBOX_POLL_MS: '50',
  MESSAGE_RECONCILE_MS: '60',
  PROVIDER_BREAKER_MS: '50',
};

/** The application as a process that is killed at named places and started again on the same data. */
export class CrashApp {
  output = '';
  private child: ChildProcess | null = null;

  private constructor(
    readonly dataDir: string,
    readonly url: string,
    private readonly env: Record<string, string>,
  ) {}

  static async start(
    database: Pick<TestDatabase, 'appUrl'>,
    dataDir: string,
    env: Record<string, string> = {},
  ): Promise<CrashApp> {
    mkdirSync(dataDir, { recursive: true });
    const port = await freePort();
    const app = new CrashApp(dataDir, `http://127.0.0.1:${port}`, {
      PATH: process.env['PATH'] ?? '',
      // It starts a hundred times: what is compiled once need not be again.
      NODE_COMPILE_CACHE: join(TEST_BUILD.out, 'compiled'),
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: 'error',
      DATABASE_APP_URL: database.appUrl,
      LAWREI_DATA_DIR: dataDir,
      LAWREI_OWNER_EMAIL: OWNER_EMAIL,
      LAWREI_OWNER_PASSWORD: OWNER_PASSWORD,
      RATE_LIMIT_SCALE: '1000',
      ...SHORT,
      ...env,
    });
    await app.restart();
    return app;
  }

  /** Starts it again, as it should be: without a place to die at. */
  async restart(): Promise<void> {
    const child = fork(built('crash-child'), [], {
      cwd: ROOT,
      // Not those of whoever starts it: a proof translates its own sources as it loads them.
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: this.env,
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => (this.output += String(data)));
    this.child = child;
    await waitFor(async () => {
      if (!this.isAlive()) throw new Error(`the app ended: ${this.output}`);
      return fetch(`${this.url}/health/ready`).then(
        (response) => response.ok,
        () => false,
      );
    }, 60_000);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** From now on it dies the nth time it passes the place, or stands still there until `thaw`. */
  async arm(point: Failpoint, nth = 1, signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL'): Promise<void> {
    if (!this.child) throw new Error('it does not run');
    // It may be dying already, of what it was told before.
    const heard = Promise.race([once(this.child, 'message'), once(this.child, 'exit')]);
    this.child.send(`${point}:${nth}:${signal}`, () => undefined);
    await heard;
  }

  isAlive(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** It stands still, with all it holds, until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** How it ended, or null while it runs. */
  get endedBy(): NodeJS.Signals | number | null {
    return this.child?.signalCode ?? this.child?.exitCode ?? null;
  }

  /** A client's request; null when the connection broke before an answer came, and nobody knows what became of it. */
  async post(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string } | null> {
    try {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      };
      const response = await fetch(`${this.url}${path}`, init);
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  }

  /** What really left the house; the sandbox outlives its app. */
  async sandbox(): Promise<SandboxClient> {
    return new SandboxClient((await startSandbox({ dataDir: this.dataDir })).httpBase);
  }

  /** Ends it as a machine that loses power does; its sandbox goes on. */
  async end(): Promise<void> {
    if (!this.child || !this.isAlive()) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Lets it finish what it has begun. */
  async close(): Promise<void> {
    if (!this.child || !this.isAlive()) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  async stop(): Promise<void> {
    await this.end();
    await stopSandbox(await startSandbox({ dataDir: this.dataDir }));
  }
}
