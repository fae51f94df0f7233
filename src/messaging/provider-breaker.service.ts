import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import type { BreakerState } from '../outbox/integration-status.service.js';
import { ChannelFailure } from './channel.errors.js';

const FAILURES_TO_OPEN = 5;
const TOO_MANY_REQUESTS = 429;

/**
 * Keeps calls away from a provider that is out: opens after five failures in a row, lets one call through after `openMs` of
 * real time. A provider that answers (a refusal, "too many requests") is not out.
 */
export class ProviderBreaker {
  private readonly policy: CircuitBreakerPolicy;
  private openedAtMs = 0;

  constructor(private readonly openMs: number) {
    this.policy = circuitBreaker(handleWhen(isOutage), {
      halfOpenAfter: openMs,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    });
    this.policy.onBreak(() => {
      this.openedAtMs = performance.now();
    });
  }

  /** `half-open` as soon as the next call would be let through to try. */
  get state(): BreakerState {
    if (this.policy.state === CircuitState.Closed) return 'closed';
    const isResting =
      this.policy.state === CircuitState.Open && performance.now() - this.openedAtMs < this.openMs;
    return isResting ? 'open' : 'half-open';
  }

  /** Rejects with ChannelFailure: the work's own, or at once while the breaker is open. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.policy.execute(work);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new ChannelFailure({
        kind: 'retry',
        reason: 'The provider has been out; it is given a moment.',
        retryAfterMs: this.openMs,
      });
    }
  }
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof ChannelFailure)) return true;
  return (error.kind === 'retry' || error.kind === 'unknown') && error.httpStatus !== TOO_MANY_REQUESTS;
}
