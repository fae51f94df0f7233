import { Hopeless, RetryLater } from '../outbox/outbox.types.js';
import { CalendarFailure } from './calendar.gateway.js';

const PAUSE_WAIT_MS = 30_000;
const BUSY_WAIT_MS = 500;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Does what a calendar is asked for from background work. While it is out the row waits, longer with every attempt; a refusal is for
 * good; where the consent was taken back nothing is asked any more until the account is connected again, and then everything that is
 * out of step is found: undefined.
 */
export async function inPatience<T>(attempt: number, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CalendarFailure)) throw error;
    if (error.kind === 'revoked') return undefined;
    if (error.kind === 'refused') throw new Hopeless(`Google refused: ${error.code ?? 'no code'}`);
    throw new RetryLater(error.message, error.retryAfterMs ?? waitMs(attempt));
  }
}

/** Asks for another attempt where nothing could be done now: somebody else is at it, or Google wants to be left alone. */
export function orWait(ended: string | undefined): void {
  if (ended === 'busy') throw new RetryLater('somebody else writes this event', BUSY_WAIT_MS);
  if (ended === 'paused') throw new RetryLater('Google asked to be left alone', PAUSE_WAIT_MS);
}

/** Between a half and the whole of 2 s · 2^(attempt − 1), at most one minute: a calendar heals within one. */
function waitMs(attempt: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  return longest / 2 + (Math.random() * longest) / 2;
}
