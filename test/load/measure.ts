import autocannon from 'autocannon';
import { processTime, residentMegabytes, serverTime } from './processor-time.js';

/** A request of a load; made anew for each call where it must be fresh. */
export interface LoadRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What is asked of which server, and how hard. */
export interface Load {
  url: string;
  /** The server's process and the postmaster behind it, whose processor time is counted. */
  pid: number;
  postmasterPid: number;
  connections: number;
  seconds: number;
  /** A list is gone through again and again; a function is asked each time. */
  requests: readonly LoadRequest[] | (() => LoadRequest);
  /** Any other status makes the measurement worthless and fails it. */
  status: number;
}

/** One measurement, or the median of several; times in ms. */
export interface Figures {
  perSecond: number;
  p50: number;
  p975: number;
  p99: number;
  /** Processor time for each request. */
  nodeCpu: number;
  databaseCpu: number;
  peakMegabytes: number;
}

const SAMPLE_MS = 200;

/** Puts the load on the server; latencies are kept in full, since autocannon's own histogram knows whole milliseconds only. */
export async function measure(load: Load): Promise<Figures> {
  const times: number[] = [];
  const strange = new Map<number, number>();
  const before = processorTimes(load);
  let peakMegabytes = 0;
  const sampler = setInterval(
    () => (peakMegabytes = Math.max(peakMegabytes, residentMegabytes(load.pid) ?? 0)),
    SAMPLE_MS,
  );
  const began = performance.now();
  const errors = await fire(load, (status, ms) => {
    times.push(ms);
    if (status !== load.status) strange.set(status, (strange.get(status) ?? 0) + 1);
  });
  const took = performance.now() - began;
  clearInterval(sampler);
  const after = processorTimes(load);
  if (strange.size > 0 || errors > 0 || times.length === 0) {
    const statuses = [...strange].map(([status, count]) => `${count} × ${status}`).join(', ');
    throw new Error(
      `${load.url}: ${times.length} answers, ${errors} errors, not ${load.status}: ${statuses || 'none'}`,
    );
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    perSecond: (times.length / took) * 1000,
    p50: at(0.5),
    p975: at(0.975),
    p99: at(0.99),
    nodeCpu: (after.node - before.node) / times.length,
    databaseCpu: (after.database - before.database) / times.length,
    peakMegabytes,
  };
}

/** Each figure's own median. */
export function medianOf(measured: readonly Figures[]): Figures {
  const of = (figure: keyof Figures) => median(measured.map((figures) => figures[figure]));
  return {
    perSecond: of('perSecond'),
    p50: of('p50'),
    p975: of('p975'),
    p99: of('p99'),
    nodeCpu: of('nodeCpu'),
    databaseCpu: of('databaseCpu'),
    peakMegabytes: of('peakMegabytes'),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

function processorTimes({ pid, postmasterPid }: Load): { node: number; database: number } {
  return { node: processTime(pid) ?? Number.NaN, database: serverTime(postmasterPid) ?? Number.NaN };
}

/** Puts the load on the server and tells of each answer; how many came back with none. */
export function fire(
  load: Pick<Load, 'url' | 'connections' | 'seconds' | 'requests'>,
  onAnswer: (status: number, ms: number) => void,
): Promise<number> {
  const { requests } = load;
  const list: autocannon.Request[] =
    typeof requests === 'function'
      ? [{ setupRequest: () => ({ ...requests() }) }]
      : requests.map((request) => ({ ...request }));
  return new Promise((resolve, reject) => {
    const options = { url: load.url, connections: load.connections, duration: load.seconds, requests: list };
    const instance = autocannon(options, (error: unknown, result) => {
      if (error) reject(error instanceof Error ? error : new Error('autocannon failed'));
      else resolve(result.errors + result.timeouts);
    });
    instance.on('response', (_client, status, _bytes, ms) => onAnswer(status, ms));
  });
}
