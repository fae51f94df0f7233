import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { providerSeconds } from '../common/metrics.js';
import type { BreakerState } from './integration-status.service.js';

const FAILURES_TO_OPEN = 5;

/** What a breaker has to be told about its provider. */
export interface CircuitOptions {
  /** As the measurements call it. */
  provider: 'twilio' | 'smtp' | 'stripe' | 'google';
  /** How long it rests, in ms of real time. */
  openMs: number;
  /** Whether an error means that the provider is out; one that answers is not. */
  isOutage: (error: unknown) => boolean;
  /** What callers get while it rests. */
  resting: () => Error;
}

/** Keeps calls away from a provider that is out: opens after five outages in a row, lets one call through after its rest. */
export class ProviderCircuit {
  private readonly policy: CircuitBreakerPolicy;
  private openedAtMs = 0;

  constructor(private readonly options: CircuitOptions) {
    this.policy = circuitBreaker(handleWhen(options.isOutage), {
      halfOpenAfter: options.openMs,
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
      this.policy.state === CircuitState.Open && performance.now() - this.openedAtMs < this.options.openMs;
    return isResting ? 'open' : 'half-open';
  }

  /** Rejects with the work's own error, or at once with `resting` while the breaker is open. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const told = providerSeconds.startTimer({ provider: this.options.provider });
    try {
      const result = await this.policy.execute(work);
      told({ outcome: 'ok' });
      return result;
    } catch (error) {
      const isResting = error instanceof BrokenCircuitError;
      told({ outcome: isResting ? 'refused' : 'failed' });
      throw isResting ? this.options.resting() : error;
    }
  }
}
