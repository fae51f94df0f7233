import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './address.js';

const POLL_MS = 10;
/** A start takes well under a second; a lock this old belongs to a process number that was used again. */
const STALE_AFTER_MS = 10_000;

/**
 * Runs `work` while no other process does the same for this data directory. A lock whose owner is dead is taken over:
 * moved aside first, which only one of several can do.
 */
export async function withStartLock<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dataDir, 'sandbox.lock');
  while (!tryLock(path)) {
    dropIfStale(path);
    await pause(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    // `writeFileSync` throws system errors only.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function dropIfStale(path: string): void {
  const owner = ownerOf(path);
  if (owner === null || owner.isLive) return;
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Somebody was faster and this is already the new owner's lock: give it back.
  if (ownerOf(aside)?.isLive) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

/** null when the lock is gone. An empty lock is one just being written. */
function ownerOf(path: string): { isLive: boolean } | null {
  try {
    const text = readFileSync(path, 'utf8');
    const isFresh = Date.now() - statSync(path).mtimeMs < STALE_AFTER_MS;
    return { isLive: isFresh && (text === '' || isAlive(Number(text))) };
  } catch {
    return null;
  }
}
