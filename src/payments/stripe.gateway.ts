import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { Config, type ProviderMode } from '../config/config.js';
import type { BreakerState } from '../outbox/integration-status.service.js';
import { ProviderCircuit } from '../outbox/provider-circuit.service.js';
import {
  PaymentFailure,
  PaymentGateway,
  type CheckoutAsk,
  type DisputeTruth,
  type PaymentAsk,
  type PaymentTruth,
  type ProviderNews,
  type RefundTruth,
} from './payment.gateway.js';
import { failureOf } from './rules/stripe-failure.js';
import {
  newsOf,
  truthOfDisputes,
  truthOfIntent,
  truthOfRefund,
  truthOfSession,
} from './rules/stripe-truth.js';
import { loadStripe } from './stripe-client.js';

/** A signature older than this proves nothing (Stripe's own default). */
const TOLERANCE_SECONDS = 300;
/** Clocks differ a little: what was made just before we wrote down the time is looked at too. */
const LOOK_BACK_SECONDS = 300;
const MOST_LISTED = 1_000;
const WITH_CHARGE = { expand: ['latest_charge'] };
const WITH_INTENT = { expand: ['payment_intent', 'payment_intent.latest_charge'] };

/** Payments by Stripe's official SDK, live or against the sandbox's emulator of the same wire format. */
@Injectable()
export class StripeGateway extends PaymentGateway {
  private readonly circuit: ProviderCircuit;
  private sdk: Promise<Stripe> | null = null;

  constructor(private readonly config: Config) {
    super();
    this.circuit = new ProviderCircuit({
      provider: 'stripe',
      openMs: config.providerBreakerMs,
      isOutage: (error) =>
        !(error instanceof PaymentFailure) || (error.kind === 'out' && error.httpStatus !== 429),
      resting: () => new PaymentFailure('out', 'resting', null, config.providerBreakerMs),
    });
  }

  get mode(): ProviderMode {
    return this.config.stripe.mode;
  }

  get breaker(): BreakerState {
    return this.circuit.state;
  }

  get isLive(): boolean {
    return this.config.stripe.secretKey.includes('_live_');
  }

  get publishableKey(): string {
    return this.config.stripe.publishableKey;
  }

  createIntent(ask: PaymentAsk): Promise<PaymentTruth> {
    const { amountMinor: amount, description } = ask;
    return this.call(async (stripe) => {
      const params = {
        amount,
        currency: ask.currency.toLowerCase(),
        description,
        metadata: metadataOf(ask),
        automatic_payment_methods: { enabled: true },
      };
      return truthOfIntent(
        await stripe.paymentIntents.create(params, { idempotencyKey: `pi:${ask.paymentId}` }),
      );
    });
  }

  createCheckout(ask: CheckoutAsk): Promise<PaymentTruth & { readonly sessionId: string }> {
    const { amountMinor: unit_amount, currency, description: name, email } = ask;
    const metadata = metadataOf(ask);
    return this.call(async (stripe) => {
      const session = await stripe.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [
            {
              quantity: 1,
              price_data: { currency: currency.toLowerCase(), unit_amount, product_data: { name } },
            },
          ],
          client_reference_id: ask.bookingId,
          metadata,
          // The session's own metadata are not copied to the intent it makes.
          payment_intent_data: { metadata, description: name },
          success_url: ask.returnUrl,
          cancel_url: ask.returnUrl,
          expires_at: Math.floor(ask.closesAt.getTime() / 1000),
          ...(email === null ? {} : { customer_email: email }),
        },
        { idempotencyKey: `cs:${ask.paymentId}` },
      );
      return { ...truthOfSession(session), sessionId: session.id };
    });
  }

  intent(intentId: string): Promise<PaymentTruth> {
    return this.call(async (stripe) =>
      truthOfIntent(await stripe.paymentIntents.retrieve(intentId, WITH_CHARGE)),
    );
  }

  checkout(sessionId: string): Promise<PaymentTruth> {
    return this.call(async (stripe) =>
      truthOfSession(await stripe.checkout.sessions.retrieve(sessionId, WITH_INTENT)),
    );
  }

  find(way: 'intent' | 'checkout', paymentId: string, since: Date) {
    const created = { gte: Math.floor(since.getTime() / 1000) - LOOK_BACK_SECONDS };
    return this.call(async (stripe) => {
      if (way === 'intent') {
        const intents = await stripe.paymentIntents
          .list({ created, limit: 100, expand: ['data.latest_charge'] })
          .autoPagingToArray({ limit: MOST_LISTED });
        const intent = intents.find(({ metadata }) => metadata['paymentId'] === paymentId);
        return intent ? { ...truthOfIntent(intent), sessionId: null } : null;
      }
      const sessions = await stripe.checkout.sessions
        .list({ created, limit: 100 })
        .autoPagingToArray({ limit: MOST_LISTED });
      const session = sessions.find(({ metadata }) => metadata?.['paymentId'] === paymentId);
      return session ? { ...truthOfSession(session), sessionId: session.id } : null;
    });
  }

  async close({
    intentId,
    sessionId,
  }: {
    intentId: string | null;
    sessionId: string | null;
  }): Promise<PaymentTruth> {
    const stands = () => (sessionId === null ? this.intent(intentId ?? '') : this.checkout(sessionId));
    try {
      return await this.call(async (stripe) =>
        sessionId === null
          ? truthOfIntent(await stripe.paymentIntents.cancel(intentId ?? '', {}, {}))
          : truthOfSession(await stripe.checkout.sessions.expire(sessionId)),
      );
    } catch (error) {
      if (error instanceof PaymentFailure && error.kind === 'refused') return stands();
      throw error;
    }
  }

  refund(ask: { refundId: string; intentId: string; amountMinor: number; cause: string }) {
    const { refundId, intentId: payment_intent, amountMinor: amount, cause } = ask;
    return this.call(async (stripe) =>
      truthOfRefund(
        await stripe.refunds.create(
          { payment_intent, amount, metadata: { refundId, cause } },
          { idempotencyKey: `rf:${refundId}` },
        ),
      ),
    );
  }

  fetchRefund(providerId: string): Promise<RefundTruth> {
    return this.call(async (stripe) => truthOfRefund(await stripe.refunds.retrieve(providerId)));
  }

  refundsOf(intentId: string): Promise<RefundTruth[]> {
    return this.call(async (stripe) => {
      const refunds = await stripe.refunds
        .list({ payment_intent: intentId, limit: 100 })
        .autoPagingToArray({ limit: MOST_LISTED });
      return refunds.map(truthOfRefund);
    });
  }

  disputeOf(intentId: string): Promise<DisputeTruth | null> {
    return this.call(async (stripe) => {
      const { data } = await stripe.disputes.list({ payment_intent: intentId, limit: 100 });
      return truthOfDisputes(data);
    });
  }

  async read(rawBody: Buffer, signature: string): Promise<ProviderNews | null> {
    if (this.mode === 'unconfigured' || signature === '') return null;
    const stripe = await this.load();
    for (const secret of this.config.stripe.webhookSecrets) {
      try {
        return newsOf(stripe.webhooks.constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS));
      } catch {
        // Another secret may have signed it: two are good while they are changed.
      }
    }
    return null;
  }

  private call<T>(work: (stripe: Stripe) => Promise<T>): Promise<T> {
    if (this.mode === 'unconfigured')
      return Promise.reject(new PaymentFailure('out', 'unconfigured', null, null));
    return this.circuit.run(async () => {
      const stripe = await this.load();
      return work(stripe).catch((error: unknown) => {
        throw failureOf(error);
      });
    });
  }

  private load(): Promise<Stripe> {
    this.sdk ??= loadStripe(this.config.stripe);
    return this.sdk;
  }
}

function metadataOf({ paymentId, bookingId, customerId }: PaymentAsk) {
  return { paymentId, bookingId, customerId };
}
