import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/database/free-port.js';
import { waitFor } from './test-app.js';
import { built } from './test-build.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The application, as a process of its own that is sent signals while it works. */
export class SignalledApp {
  output = '';

  private constructor(
    readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when requests may come; nothing of this process's environment but PATH reaches it. */
  static async start(env: Record<string, string>): Promise<SignalledApp> {
    const port = await freePort();
    const child = spawn(process.execPath, ['--enable-source-maps', built('main')], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOST: '127.0.0.1',
        PORT: String(port),
        LOG_LEVEL: 'warn',
        ...env,
      },
    });
    const app = new SignalledApp(child, `http://127.0.0.1:${port}`);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (app.output += String(data)));
    await waitFor(() => app.isReady(), 60_000);
    return app;
  }

  /** The status of an answer, or null when nobody listens. */
  async statusOf(path: string): Promise<number | null> {
    return fetch(`${this.url}${path}`, { headers: { connection: 'close' } }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => null,
    );
  }

  signal(name: 'SIGTERM' | 'SIGINT'): void {
    this.child.kill(name);
  }

  /** Resolves with the exit code when the process has ended; null after a signal that it did not catch. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  /** For clearing up after a test that failed halfway. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private async isReady(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`the app ended: ${this.output}`);
    return (await this.statusOf('/health/ready')) === 200;
  }
}
