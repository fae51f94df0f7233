import { Injectable } from '@nestjs/common';
import { IntegrationStatusBoard } from '../outbox/integration-status.service.js';
import { Hopeless, RetryLater } from '../outbox/outbox.types.js';
import { PaymentFailure, PaymentGateway } from './payment.gateway.js';

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** Calls the provider from background work: an outage waits and is told to the status page, a refusal is for good. */
@Injectable()
export class PaymentProvider {
  constructor(
    private readonly gateway: PaymentGateway,
    private readonly board: IntegrationStatusBoard,
  ) {}

  /** Rejects with RetryLater while the provider is out, later with every attempt, and with Hopeless when it refuses. */
  async ask<T>(work: () => Promise<T>, attempt: number): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PaymentFailure)) throw error;
      if (error.kind === 'refused')
        throw new Hopeless(`the payment provider refused: ${error.code ?? 'no code'}`);
      await this.board.failed('payments', wordsOf(error), this.gateway.breaker);
      throw new RetryLater(error.message, error.retryAfterMs ?? waitMs(attempt));
    }
  }
}

/** Between a half and the whole of 5 s · 2^(attempt − 1), at most five minutes. */
function waitMs(attempt: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  return longest / 2 + (Math.random() * longest) / 2;
}

function wordsOf({ httpStatus, code }: PaymentFailure): string {
  if (code === 'resting') return 'The provider has been out; it is given a moment.';
  return httpStatus === null
    ? 'The payment provider does not answer.'
    : `The payment provider answered ${httpStatus} (${code ?? 'no code'}).`;
}
