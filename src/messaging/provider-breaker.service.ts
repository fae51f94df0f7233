import { ProviderCircuit } from '../outbox/provider-circuit.service.js';
import { ChannelFailure } from './channel.errors.js';

const TOO_MANY_REQUESTS = 429;

/** The circuit of a channel: its failures are ChannelFailures. A refusal, or "too many requests", is no outage. */
export class ProviderBreaker extends ProviderCircuit {
  constructor(provider: 'twilio' | 'smtp', openMs: number) {
    super({
      provider,
      openMs,
      isOutage,
      resting: () =>
        new ChannelFailure({
          kind: 'retry',
          reason: 'The provider has been out; it is given a moment.',
          retryAfterMs: openMs,
        }),
    });
  }
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof ChannelFailure)) return true;
  return (error.kind === 'retry' || error.kind === 'unknown') && error.httpStatus !== TOO_MANY_REQUESTS;
}
