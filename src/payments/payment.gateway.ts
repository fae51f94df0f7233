import type { ProviderMode } from '../config/config.js';
import type { BreakerState } from '../outbox/integration-status.service.js';

/** How the provider says a payment stands. `open`: nobody has paid, or an attempt failed and may be repeated. */
export type TruthState = 'open' | 'processing' | 'succeeded' | 'canceled';

/** The ids of ours that a provider's object carries; null where they are missing or no ids. */
export interface OurIds {
  readonly paymentId: string | null;
  readonly bookingId: string | null;
}

/** A payment as the provider has it. Amounts in minor units. */
export interface PaymentTruth extends OurIds {
  readonly state: TruthState;
  /** Null for a hosted page that nobody has paid on. */
  readonly intentId: string | null;
  /** What really came, once it has succeeded; until then what is asked for. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly isLive: boolean;
  readonly chargeId: string | null;
  readonly method: { readonly brand: string; readonly last4: string } | null;
  readonly errorCode: string | null;
  /** For the payer's browser; never stored. */
  readonly clientSecret: string | null;
  readonly url: string | null;
}

/** A refund as the provider has it. */
export interface RefundTruth {
  readonly id: string;
  readonly refundId: string | null;
  readonly intentId: string | null;
  readonly state: 'pending' | 'succeeded' | 'failed' | 'canceled';
  readonly amountMinor: number;
  readonly currency: string;
  readonly errorCode: string | null;
}

/** How a disputed payment stands at the provider: undecided, decided for the salon, or for the payer. */
export interface DisputeTruth {
  readonly state: 'open' | 'won' | 'lost';
  /** Of the dispute that decides, with the provider's own word for it: tells one thing to do from the next. */
  readonly step: string;
  /** The salon may still send evidence. */
  readonly wantsEvidence: boolean;
}

/** What is asked of a payer. */
export interface PaymentAsk {
  readonly paymentId: string;
  readonly bookingId: string;
  readonly customerId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** What the payer sees: the service's name. */
  readonly description: string;
}

/** A hosted page closes at that instant of real time; the payer comes back to `returnUrl`. */
export interface CheckoutAsk extends PaymentAsk {
  readonly closesAt: Date;
  readonly returnUrl: string;
  readonly email: string | null;
}

/** What a webhook tells, after its signature was checked: which thing moved, never how it stands. */
export interface ProviderNews extends OurIds {
  readonly eventId: string;
  readonly type: string;
  readonly kind: 'payment' | 'refund' | 'dispute' | 'other';
  readonly intentId: string | null;
  /** The refund's or dispute's own id at the provider. */
  readonly objectId: string;
}

/** The provider did not do what was asked. `out`: it may be tried again, with the same key; `refused`: for good. */
export class PaymentFailure extends Error {
  constructor(
    readonly kind: 'out' | 'refused',
    readonly code: string | null,
    readonly httpStatus: number | null,
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${kind}: ${code ?? 'no code'} (${httpStatus ?? 'no answer'})`);
    this.name = 'PaymentFailure';
  }
}

/**
 * Where money is asked for, by whatever provider: port and token. Called outside transactions only. Every method rejects with
 * PaymentFailure. Keys come from our rows: the same row asked again within a day is one and the same thing there.
 */
export abstract class PaymentGateway {
  abstract readonly mode: ProviderMode;
  abstract readonly breaker: BreakerState;
  /** Whether real money is moved. */
  abstract readonly isLive: boolean;
  abstract readonly publishableKey: string;

  abstract createIntent(ask: PaymentAsk): Promise<PaymentTruth>;
  abstract createCheckout(ask: CheckoutAsk): Promise<PaymentTruth & { readonly sessionId: string }>;
  abstract intent(intentId: string): Promise<PaymentTruth>;
  abstract checkout(sessionId: string): Promise<PaymentTruth>;
  /** Looks for what a request made whose answer was lost, among what is no older than `since` (real time). */
  abstract find(
    way: 'intent' | 'checkout',
    paymentId: string,
    since: Date,
  ): Promise<(PaymentTruth & { readonly sessionId: string | null }) | null>;
  /** Nobody can pay it any more; answers how it stands when that came too late. */
  abstract close(payment: { intentId: string | null; sessionId: string | null }): Promise<PaymentTruth>;

  abstract refund(ask: {
    refundId: string;
    intentId: string;
    amountMinor: number;
    cause: string;
  }): Promise<RefundTruth>;
  abstract fetchRefund(providerId: string): Promise<RefundTruth>;
  /** Everything that went or goes back of a payment, whoever asked for it. */
  abstract refundsOf(intentId: string): Promise<RefundTruth[]>;
  /** Null where nobody disputed it. */
  abstract disputeOf(intentId: string): Promise<DisputeTruth | null>;

  /** Reads a delivery. Null when its signature is not the provider's, or is older than five minutes. */
  abstract read(rawBody: Buffer, signature: string): Promise<ProviderNews | null>;
}
