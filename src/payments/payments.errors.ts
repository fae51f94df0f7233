import { DomainError } from '../common/domain-error.js';

/** Nothing is open for this booking. */
export class NothingToPay extends DomainError {
  constructor() {
    super('nothing-to-pay', 'Everything that is due for this booking is paid.');
  }
}

/** Money is on its way already; a second payment would only have to go back. */
export class PaymentUnderWay extends DomainError {
  constructor() {
    super('payment-processing', 'A payment for this booking is being processed by the bank.');
  }
}

/** The provider does not take this payment at all, whenever it is asked: an amount below its least, an account that may not. */
export class PaymentRefused extends DomainError {
  constructor(reason: string | null) {
    super('payment-refused', 'The payment provider does not take this payment. Pay at the salon.', {
      reason: reason ?? 'unknown',
    });
  }
}

/** The provider is out, or there is none; nothing was charged. */
export class ProviderUnavailable extends DomainError {
  constructor() {
    super(
      'provider-unavailable',
      'Payments cannot be taken just now. Nothing was charged.',
      {},
      { 'retry-after': '30' },
    );
  }
}

/** Whoever called is not the provider, or the shared secret is another one. */
export class WebhookSignatureInvalid extends DomainError {
  constructor() {
    super('event-unverified', 'The signature does not belong to this event, or is older than five minutes.');
  }
}

/** The payment or task is not in a state for that. */
export class NotInThatState extends DomainError {
  constructor(thing: 'payment' | 'task', from: string, to: string) {
    super('invalid-transition', `A ${thing} that is ${from} cannot be ${to}.`, { from, to });
  }
}
