import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEALTH_TIMEOUT_MS = 2_000;

/** `sandbox.json`: where the sandbox of a data directory is found. The ports outlive the process. */
export interface SandboxAddress {
  pid: number;
  port: number;
  smtpPort: number;
}

/** null when there is none, or none that can be read. */
export function readAddress(dataDir: string): SandboxAddress | null {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(dataDir), 'utf8'));
    return isAddress(value) ? value : null;
  } catch {
    return null;
  }
}

/** Replaced in one step, so that nobody reads half of it. */
export function writeAddress(dataDir: string, address: SandboxAddress): void {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(address), { mode: 0o600 });
  renameSync(draft, fileOf(dataDir));
}

/** The sandbox that serves this data directory now, or null. A pid alone proves nothing: numbers are used again. */
export async function findLiving(dataDir: string): Promise<SandboxAddress | null> {
  const address = readAddress(dataDir);
  if (address === null || !isAlive(address.pid)) return null;
  try {
    const response = await fetch(`http://127.0.0.1:${address.port}/__health`, {
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const health: unknown = await response.json();
    const isOurs =
      typeof health === 'object' &&
      health !== null &&
      'dataDir' in health &&
      health.dataDir === dataDir &&
      'pid' in health &&
      health.pid === address.pid;
    return isOurs ? address : null;
  } catch {
    return null;
  }
}

/** A process of another user counts as alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // `kill` throws system errors only.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'sandbox.json');
}

function isAddress(value: unknown): value is SandboxAddress {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, port, smtpPort }: Partial<Record<keyof SandboxAddress, unknown>> = value;
  return [pid, port, smtpPort].every((number) => Number.isSafeInteger(number) && Number(number) > 0);
}
