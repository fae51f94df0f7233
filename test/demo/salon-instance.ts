import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/database/free-port.js';

/** A fresh instance in a process of its own, with an empty data folder that goes with it. */
export interface Instance {
  url: string;
  owner: { email: string; password: string };
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;

/** Starts the application as `npm start` would, on a free port, and waits until it is ready. */
export async function startInstance(): Promise<Instance> {
  const home = mkdtempSync(join(tmpdir(), 'lawrei-demo-'));
  const port = await freePort();
  const owner = { email: 'olivia@lawrei.example', password: randomBytes(12).toString('base64url') };
  const root = new URL('../../', import.meta.url);
  const child = spawn(
    process.execPath,
    ['--import', new URL('scripts/swc-hooks.mjs', root).href, new URL('src/main.ts', root).pathname],
    {
      env: {
        PATH: process.env['PATH'],
        LAWREI_DATA_DIR: home,
        PORT: String(port),
        LOG_LEVEL: 'warn',
        LAWREI_OWNER_EMAIL: owner.email,
        LAWREI_OWNER_PASSWORD: owner.password,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url);
  return {
    url,
    owner,
    stop: async () => {
      await ended(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const deadline = Date.now() + START_DEADLINE_MS;
  for (;;) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the instance did not start:\n${said}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
