import { AsyncLocalStorage } from 'node:async_hooks';

/** What log lines, audit rows and outbox rows of one request or one background effect share. */
export interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs the work with the given request id attached to everything it writes down. */
export function withRequestId<T>(requestId: string, work: () => T): T {
  return storage.run({ requestId }, work);
}

/** The id of the request being served, or null outside one. */
export function currentRequestId(): string | null {
  return storage.getStore()?.requestId ?? null;
}
