import { twilioError, type TwilioErrorText } from './twilio-errors.js';

/** How a create call ended, as far as we know it. */
export interface TwilioFailureFacts {
  /** Null when no readable answer came: timeout, reset, cut connection. */
  readonly httpStatus: number | null;
  /** Twilio's code in the body, if there was one. */
  readonly code?: number | null;
  /** The `Retry-After` header as received: seconds; a date is ignored. */
  readonly retryAfter?: string | number | null;
  /** True only when it is certain that no byte of the request was sent: name not found, connection refused, breaker open. */
  readonly neverSent?: boolean;
}

/** What to do about it, and how to tell staff. */
export interface TwilioFailure extends TwilioErrorText {
  /** `failed`: final. `retry`: later, with backoff. `unknown`: ask the provider's list before anything else. */
  readonly outcome: 'failed' | 'retry' | 'unknown' | 'opted-out';
  readonly code: number | null;
  /** The provider's own minimum wait; null when it named none. */
  readonly retryAfterMs: number | null;
  /** False when the message certainly was not taken. A 5xx may have been: look it up before sending again. */
  readonly mayHaveBeenSent: boolean;
}

/** Longer waits are a mistake or an attack; the message's own expiry decides then. */
const MAX_RETRY_AFTER_SECONDS = 3600;
const REQUEST_TIMEOUT = 408;
const UNAUTHORIZED = 401;
const TOO_MANY_REQUESTS = 429;

/**
 * Judges a failed create call: 429, 5xx and a refused connection are retried, other 4xx are final, and
 * whatever may have reached Twilio without a readable answer (also a 2xx with garbage) is unknown, never "unsent". Refused
 * credentials are retried although they are a 4xx: nothing was taken, and the messages go out once the owner corrects them.
 */
export function classifyTwilioFailure(facts: TwilioFailureFacts): TwilioFailure {
  const code = facts.code ?? null;
  const told = { ...wordsFor(facts, code), code, retryAfterMs: retryAfterMs(facts.retryAfter) };
  if (facts.neverSent === true) return { ...told, outcome: 'retry', mayHaveBeenSent: false };
  const status = facts.httpStatus ?? 0;
  if (status < 400 || status === REQUEST_TIMEOUT)
    return { ...told, outcome: 'unknown', mayHaveBeenSent: true };
  if (status >= 500) return { ...told, outcome: 'retry', mayHaveBeenSent: true };
  if (told.kind === 'opted-out') return { ...told, outcome: 'opted-out', mayHaveBeenSent: false };
  const isTemporary = status === TOO_MANY_REQUESTS || status === UNAUTHORIZED || told.kind === 'retry';
  return { ...told, outcome: isTemporary ? 'retry' : 'failed', mayHaveBeenSent: false };
}

function wordsFor({ httpStatus, neverSent }: TwilioFailureFacts, code: number | null): TwilioErrorText {
  if (code !== null) return twilioError(code);
  const wait = 'Nothing to do: it is taken care of.';
  if (neverSent === true) return { kind: 'retry', reason: 'Twilio could not be reached.', advice: wait };
  if (httpStatus === UNAUTHORIZED) return twilioError(20003);
  if (httpStatus === TOO_MANY_REQUESTS) return twilioError(20429);
  if (httpStatus === null) return { kind: 'unknown', reason: 'Twilio did not answer.', advice: wait };
  if (httpStatus >= 500) return { kind: 'retry', reason: 'Twilio has a fault of its own.', advice: wait };
  if (httpStatus < 400)
    return { kind: 'unknown', reason: 'Twilio’s answer could not be read.', advice: wait };
  return twilioError(null);
}

function retryAfterMs(header: string | number | null | undefined): number | null {
  const text = String(header ?? '').trim();
  if (!/^\d{1,9}(?:\.\d+)?$/.test(text)) return null;
  return Math.ceil(Math.min(Number(text), MAX_RETRY_AFTER_SECONDS) * 1000);
}
