import { realpathSync } from 'node:fs';
import { findLiving, readAddress, writeAddress } from './address.js';
import { Emulator } from './server.js';
import { withStartLock } from './start-lock.js';

const WATCH_MS = 500;

/** How long without a single call until the sandbox ends itself, and what to do at the end. */
export interface RunOptions {
  idleLimitMs: number;
  onEnd: () => void;
}

/** Ends the sandbox and resolves when nothing listens any more. */
export type StopSandbox = () => Promise<void>;

/**
 * Serves a data directory until told to stop, until the directory is gone or belongs to another process, or until it has been
 * idle too long. Returns null when a living sandbox serves it already. Throws when there is no such directory: a sandbox that
 * made it could outlive the removal it is to end with.
 */
export async function runSandbox(directory: string, options: RunOptions): Promise<StopSandbox | null> {
  const dataDir = realpathSync(directory);
  return withStartLock(dataDir, async () => ((await findLiving(dataDir)) ? null : serve(dataDir, options)));
}

async function serve(dataDir: string, { idleLimitMs, onEnd }: RunOptions): Promise<StopSandbox> {
  const remembered = readAddress(dataDir);
  const emulator = new Emulator(
    { dataDir, port: remembered?.port ?? 0, smtpPort: remembered?.smtpPort ?? 0 },
    () => void stop(),
  );
  writeAddress(dataDir, { pid: process.pid, ...(await emulator.listen()) });
  const watch = setInterval(() => {
    const isOurs = readAddress(dataDir)?.pid === process.pid;
    if (!isOurs || emulator.idleMs > idleLimitMs) void stop();
  }, WATCH_MS);

  let ending: Promise<void> | undefined;
  function stop(): Promise<void> {
    clearInterval(watch);
    ending ??= emulator.close().then(onEnd);
    return ending;
  }
  return stop;
}
