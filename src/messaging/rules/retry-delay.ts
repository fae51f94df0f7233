const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait after a message's nth attempt before the next, in ms of real time: exponential with full jitter, at most five
 * minutes, and never less than the provider asked for. `random` is in [0, 1).
 */
export function retryDelayMs(attempt: number, retryAfterMs: number | null, random = Math.random()): number {
  const jitter = Math.floor(random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 20)));
  return retryAfterMs === null ? jitter : retryAfterMs + Math.min(jitter, 5_000);
}
