import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../src/database/free-port.js';
import { waitFor } from './test-app.js';

/** Whether this machine has a Redis to test with; CI installs one, elsewhere `apt-get install redis-server` does. */
export const HAS_REDIS = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A real Redis on this machine that can be killed, stopped and emptied, and comes back on the same port. */
export class TestRedis {
  private child: ChildProcess | null = null;
  readonly client: Redis;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {
    this.client = new Redis(this.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    this.client.on('error', () => undefined);
  }

  static async start(): Promise<TestRedis> {
    const redis = await TestRedis.away();
    await redis.rise();
    return redis;
  }

  /** One that is not there yet. */
  static async away(): Promise<TestRedis> {
    return new TestRedis(await freePort(), mkdtempSync(join(tmpdir(), 'lawrei-redis-')));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async rise(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn('redis-server', [...options, '--dir', this.folder], { stdio: 'ignore' });
    await waitFor(async () => this.client.status === 'ready');
  }

  /** As hard as a machine that loses power; what it knew is gone. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** It keeps its connections and answers nothing, until `resume`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.resume();
    this.client.disconnect();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
