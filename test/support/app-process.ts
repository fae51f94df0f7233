import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/database/free-port.js';
import type { OwnDatabase } from './own-database.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 30_000;

export const OWNER = { email: 'owner@lawrei.example', password: 'a long enough passphrase' };

/** A server in a process of its own. */
export interface ServerProcess {
  pid: number;
  /** Without a slash at the end. */
  url: string;
  /** From the start of the process to the first good answer. */
  readyAfterMs: number;
  /** The end of what it printed: its log says more about a failure than its answer. */
  output(): string;
  stop(): Promise<void>;
  /** As a machine that loses power. */
  kill(): Promise<void>;
}

interface ServerOptions {
  file: URL;
  env: Record<string, string>;
  nodeOptions?: readonly string[];
  /** Path that answers 200 once the server is ready. */
  ready: string;
}

/** Starts a server that reads PORT, any free one where `env` names none, and waits until it is ready; throws with what it printed when it does not come up. */
export async function startServer({
  file,
  env,
  nodeOptions = [],
  ready,
}: ServerOptions): Promise<ServerProcess> {
  const port = env['PORT'] ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const child = spawn(process.execPath, [...nodeOptions, fileURLToPath(file)], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keepTail = (data: Buffer) => (output = (output + data.toString()).slice(-8_000));
  child.stdout.on('data', keepTail);
  child.stderr.on('data', keepTail);
  while (!(await answers(`${url}${ready}`))) {
    const late = performance.now() - began > READY_WITHIN_MS;
    if (late) child.kill('SIGKILL');
    if (late || child.exitCode !== null) throw new Error(`${file.pathname} did not come up:\n${output}`);
    await pause(2);
  }
  return {
    pid: child.pid ?? 0,
    url,
    readyAfterMs: performance.now() - began,
    output: () => output,
    stop: async () => {
      if (await stop(child)) return;
      throw new Error(`${file.pathname} did not stop by itself:\n${output}`);
    },
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Secrets that all processes of one installation share. */
export function installationSecrets(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    JWT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
}

/**
 * The settings of an installation in production: no providers, so no sandbox beside it, and limits out of the way. Processes
 * that share the answer are nodes of one installation.
 */
export function productionEnv(database: OwnDatabase): Record<string, string> {
  return {
    NODE_ENV: 'production',
    LAWREI_DATA_DIR: database.home,
    PUBLIC_URL: 'https://salon.example',
    DATABASE_URL: database.ownerUrl,
    DATABASE_APP_PASSWORD: database.appPassword,
    LAWREI_OWNER_EMAIL: OWNER.email,
    LAWREI_OWNER_PASSWORD: OWNER.password,
    RATE_LIMIT_SCALE: '100000',
    LOG_LEVEL: 'warn',
    ...installationSecrets(),
  };
}

/** How `npm start` bounds the heap; what is measured is what is shipped. */
function heapOptions(): string[] {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').filter((option) => option.startsWith('--max-'));
}

/** Lawrei as it is shipped, built when the sources are newer. */
export async function startLawrei(
  env: Record<string, string>,
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess> {
  buildOnce();
  return startServer({
    file: new URL('../../dist/main.js', import.meta.url),
    env,
    nodeOptions: [...heapOptions(), ...nodeOptions],
    ready: '/health/ready',
  });
}

let built = false;

function buildOnce(): void {
  if (built) return;
  const script = `const { build, isStale } = await import('./scripts/build.mjs'); if (isStale()) await build();`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, stdio: 'inherit' });
  built = true;
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  const gone = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  child.kill('SIGTERM');
  const late = new AbortController();
  const stopped = await Promise.race([gone, pause(STOP_WITHIN_MS, false, { signal: late.signal })]);
  late.abort();
  if (!stopped) child.kill('SIGKILL');
  return stopped;
}
