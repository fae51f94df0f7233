import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;

/** Processor time in ms that a process has taken so far; null where there is no /proc. */
export function processTime(pid: number): number | null {
  return ticks(pid, ['utime', 'stime']);
}

/** Processor time in ms of a PostgreSQL server so far: its postmaster, every living backend and those that have ended. */
export function serverTime(postmasterPid: number): number | null {
  const own = ticks(postmasterPid, ['utime', 'stime', 'cutime', 'cstime']);
  if (own === null) return null;
  return childrenOf(postmasterPid).reduce((sum, pid) => sum + (ticks(pid, ['utime', 'stime']) ?? 0), own);
}

/** Memory in MB that a process really occupies; null where there is no /proc. */
export function residentMegabytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

/** Places in /proc/PID/stat, counted after the name in brackets. */
const PLACES = { ppid: 1, utime: 11, stime: 12, cutime: 13, cstime: 14 } as const;

function stat(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function ticks(pid: number, which: readonly (keyof typeof PLACES)[]): number | null {
  const fields = stat(pid);
  return fields && which.reduce((sum, name) => sum + Number(fields[PLACES[name]]), 0) * TICK_MS;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(stat(pid)?.[PLACES.ppid]) === parent);
}
