import { PaymentFailure } from '../payment.gateway.js';

const TOO_MANY_REQUESTS = 429;
/** Another request with the same key is under way, or the object is locked: the same later. */
const CONFLICT = 409;
const LONGEST_RETRY_AFTER_SECONDS = 600;

/** What the SDK threw, in our words. Anything without an answer may have been done: the same key asks again. */
export function failureOf(error: unknown): PaymentFailure {
  if (error instanceof PaymentFailure) return error;
  const status = numberIn(error, 'statusCode');
  const code = textIn(error, 'decline_code') ?? textIn(error, 'code') ?? textIn(error, 'type');
  const isFinal = status !== null && status >= 400 && status < 500;
  if (!isFinal || status === TOO_MANY_REQUESTS || status === CONFLICT)
    return new PaymentFailure('out', code, status, retryAfterOf(error));
  // A key, an account or an IP that Stripe does not take is the salon's configuration, and may be mended.
  const isOurFault = status === 401 || status === 403;
  return new PaymentFailure(isOurFault ? 'out' : 'refused', code, status);
}

function retryAfterOf(error: unknown): number | null {
  const headers =
    typeof error === 'object' && error !== null && 'headers' in error ? error.headers : undefined;
  const seconds = Number(textIn(headers, 'retry-after') ?? Number.NaN);
  return seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) * 1000 : null;
}

function numberIn(value: unknown, name: string): number | null {
  const found = memberOf(value, name);
  return typeof found === 'number' ? found : null;
}

function textIn(value: unknown, name: string): string | null {
  const found = memberOf(value, name);
  return typeof found === 'string' ? found : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
