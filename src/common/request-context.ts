import { AsyncLocalStorage } from 'node:async_hooks';

/** What log lines, audit rows and outbox rows of one request or one background effect share. */
export interface RequestContext {
  readonly requestId: string;
  /** The caller's own trace (W3C), when the request named one. */
  readonly traceId: string | null;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs the work with the given request id, and the caller's trace, attached to everything it writes down. */
export function withRequestId<T>(requestId: string, work: () => T, traceId: string | null = null): T {
  return storage.run({ requestId, traceId }, work);
}

/** The id of the request being served, or null outside one. */
export function currentRequestId(): string | null {
  return storage.getStore()?.requestId ?? null;
}

/** The trace of the caller whose request is being served, or null when it named none. */
export function currentTraceId(): string | null {
  return storage.getStore()?.traceId ?? null;
}
