import { Injectable } from '@nestjs/common';
import { IntegrationStatusBoard } from '../outbox/integration-status.service.js';
import { Hopeless, RetryLater } from '../outbox/outbox.types.js';
import { PaymentFailure, PaymentGateway } from './payment.gateway.js';

const FIRST_WAIT_MS = 5_000;

/** Calls the provider from background work: an outage waits and is told to the status page, a refusal is for good. */
@Injectable()
export class PaymentProvider {
  constructor(
    private readonly gateway: PaymentGateway,
    private readonly board: IntegrationStatusBoard,
  ) {}

  /** Rejects with RetryLater while the provider is out, with Hopeless when it refuses. */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PaymentFailure)) throw error;
      if (error.kind === 'refused')
        throw new Hopeless(`the payment provider refused: ${error.code ?? 'no code'}`);
      await this.board.failed('payments', wordsOf(error), this.gateway.breaker);
      throw new RetryLater(error.message, error.retryAfterMs ?? FIRST_WAIT_MS);
    }
  }
}

function wordsOf({ httpStatus, code }: PaymentFailure): string {
  if (code === 'resting') return 'The provider has been out; it is given a moment.';
  return httpStatus === null
    ? 'The payment provider does not answer.'
    : `The payment provider answered ${httpStatus} (${code ?? 'no code'}).`;
}
