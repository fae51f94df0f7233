import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findLiving, isAlive, type SandboxAddress } from './emulator/address.js';

const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;
const POLL_MS = 10;

/** Where the sandbox of a data directory listens. */
export interface SandboxProcess {
  /** Base for the providers' SDKs and for `SandboxClient`, without a slash at the end. */
  httpBase: string;
  smtpUrl: string;
  pid: number;
  /** True when it ran already. */
  adopted: boolean;
}

/** `entry` is the emulator's main file, for tests; by default the one beside this file. */
export interface SandboxOptions {
  dataDir: string;
  entry?: URL;
}

/**
 * Starts the sandbox of a data directory, or adopts the one that lives. It is a process of its own and outlives this one, so
 * that what was sent survives a crash of the app. Throws with the end of `sandbox.log` when it does not come up.
 */
export async function startSandbox(options: SandboxOptions): Promise<SandboxProcess> {
  mkdirSync(options.dataDir, { recursive: true });
  const dataDir = realpathSync(options.dataDir);
  const deadline = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const living = await findLiving(dataDir);
    if (living) return described(living, true);
    const own = await startChild(dataDir, options.entry ?? defaultEntry(), deadline);
    if (own) return described(own, false);
  }
}

/** Ends the sandbox, whoever started it, and returns when it is gone; what it remembers stays in the data directory. */
export async function stopSandbox(sandbox: Pick<SandboxProcess, 'httpBase' | 'pid'>): Promise<void> {
  const shutdown = () => fetch(`${sandbox.httpBase}/__shutdown`, { method: 'POST' });
  const isReached = await shutdown().then(
    (response) => response.status === 202,
    () => false,
  );
  if (!isReached) return;
  const deadline = performance.now() + STOP_DEADLINE_MS;
  // Refused connections count as the end too: an orphan's number may linger until init has noticed.
  while (isAlive(sandbox.pid) && (await isListening(sandbox.httpBase))) {
    if (performance.now() > deadline) throw new Error(`the sandbox (pid ${sandbox.pid}) did not stop`);
    await pause(POLL_MS);
  }
}

/**
 * Null when the child gave way: of two started at once the slower one finds the other and ends. That is waited for, or it
 * could come up late, after somebody has stopped the other.
 */
async function startChild(dataDir: string, entry: URL, deadline: number): Promise<SandboxAddress | null> {
  const child = spawnChild(dataDir, entry);
  // An error event (no such program) would otherwise end the app; the deadline reports it.
  child.on('error', () => undefined);
  child.unref();
  while (performance.now() < deadline && child.exitCode === null && child.signalCode === null) {
    await pause(POLL_MS);
    const found = await findLiving(dataDir);
    if (found?.pid === child.pid) return found;
  }
  if (child.exitCode === 0) return null;
  throw new Error(`the sandbox did not start: ${tailOf(dataDir)}`);
}

function spawnChild(dataDir: string, entry: URL): ChildProcess {
  const log = openSync(join(dataDir, 'sandbox.log'), 'a', 0o600);
  try {
    const loader = entry.pathname.endsWith('.ts') ? ['--import', swcHooks().href] : [];
    return spawn(process.execPath, [...loader, fileURLToPath(entry), dataDir], {
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** The build when this file is built, else the source beside it. */
function defaultEntry(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./emulator/main.${extension}`, import.meta.url);
}

function swcHooks(): URL {
  return new URL('../../scripts/swc-hooks.mjs', import.meta.url);
}

function described(address: SandboxAddress, adopted: boolean): SandboxProcess {
  return {
    httpBase: `http://127.0.0.1:${address.port}`,
    smtpUrl: `smtp://127.0.0.1:${address.smtpPort}`,
    pid: address.pid,
    adopted,
  };
}

async function isListening(httpBase: string): Promise<boolean> {
  return fetch(`${httpBase}/__health`).then(
    () => true,
    () => false,
  );
}

function tailOf(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'sandbox.log'), 'utf8').slice(-2_000).trim() || 'it said nothing';
  } catch {
    return 'it wrote no log';
  }
}
