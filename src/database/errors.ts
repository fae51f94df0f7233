/**
 * Thrown by a command that lost by chance (a drawn value is taken, a row appeared meanwhile): the outermost transaction is
 * rolled back and run again.
 */
export class TryAgain extends Error {}

const RETRY = new Set(['40001', '40P01']);
const BUSY = new Set([
  '40001',
  '40P01',
  '55P03',
  '57014',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '25P03',
  '53100',
]);
/** It shuts down, was shut down, or starts; nobody listens; the connection is gone. */
const AWAY = new Set(['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

const BUSY_MESSAGES = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'ECONNREFUSED',
  'ECONNRESET',
  'not queryable',
  'EPIPE',
  'ETIMEDOUT',
];

interface DatabaseFailure {
  code?: unknown;
  constraint?: unknown;
}

function failureOf(error: unknown): DatabaseFailure | null {
  return typeof error === 'object' && error !== null && 'code' in error ? error : null;
}

/** Whether the database refused because of the constraint of that name: the rule's own words. */
export function violates(error: unknown, constraint: string): boolean {
  return failureOf(error)?.constraint === constraint;
}

/** Serialisation failures and deadlocks: the same command may simply be run again. */
export function isRetryable(error: unknown): boolean {
  return error instanceof TryAgain || RETRY.has(String(failureOf(error)?.code));
}

/** Somebody else holds what the statement needs, for longer than it was to wait. */
export function isLockTimeout(error: unknown): boolean {
  return failureOf(error)?.code === '55P03';
}

/** An earlier statement of the transaction failed; this one was not even looked at. */
export function isAborted(error: unknown): boolean {
  return failureOf(error)?.code === '25P02';
}

/** The server is not there now. What was on its way has failed, or nobody knows. */
export function isAway(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return AWAY.has(String(failureOf(error)?.code)) || message.includes('Connection terminated unexpectedly');
}

/** The database is overloaded, restarting or away: 503 with Retry-After, never a 500. */
export function isBusy(error: unknown): boolean {
  if (error instanceof TryAgain) return true;
  if (BUSY.has(String(failureOf(error)?.code))) return true;
  const message = error instanceof Error ? error.message : '';
  return (
    BUSY_MESSAGES.some((part) => message.includes(part)) || String(failureOf(error)?.code).startsWith('ECONN')
  );
}
