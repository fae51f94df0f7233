import { CalendarFailure } from '../calendar.gateway.js';

const LONGEST_RETRY_AFTER_SECONDS = 600;
/** Reasons of 403 that mean: too fast, try later. Source: Calendar API, "Resolve errors". */
const TOO_FAST = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'dailyLimitExceeded'];
/**
 * The account, or the client, is not let in any more. A 401 alone does not say so: the client renews its access and asks again, and where
 * the consent has ended, renewing says `invalid_grant`.
 */
const SHUT_OUT = ['invalid_grant', 'invalid_client', 'unauthorized_client', 'insufficientPermissions'];

/** What Google's client threw, in our words. Anything without an answer may have been done: looking shows. */
export function calendarFailureOf(error: unknown): CalendarFailure {
  if (error instanceof CalendarFailure) return error;
  const response = memberOf(error, 'response');
  const status = numberOf(memberOf(response, 'status'));
  const code = reasonOf(memberOf(response, 'data'));
  return new CalendarFailure(kindOf(status, code), code, status, retryAfterOf(response));
}

function kindOf(status: number | null, code: string | null): CalendarFailure['kind'] {
  if (code !== null && SHUT_OUT.includes(code)) return 'revoked';
  if (status === 429 || (status === 403 && code !== null && TOO_FAST.includes(code))) return 'limited';
  if (status === null || status >= 500 || status === 408 || status === 401) return 'out';
  if (status === 404 || status === 410) return 'gone';
  if (status === 409) return 'exists';
  return status === 412 ? 'changed' : 'refused';
}

/** Google's reason, or what its sign-in says. */
function reasonOf(data: unknown): string | null {
  const error = memberOf(data, 'error');
  if (typeof error === 'string') return error;
  const [first]: unknown[] = listOf(memberOf(error, 'errors'));
  const reason = memberOf(first, 'reason');
  return typeof reason === 'string' ? reason : null;
}

function retryAfterOf(response: unknown): number | null {
  const headers = memberOf(response, 'headers');
  const seconds = Number((headers instanceof Headers && headers.get('retry-after')) || Number.NaN);
  return seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) * 1_000 : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
