import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import {
  ExaminedByDoctor,
  failure,
  notLive,
  ok,
  warning,
  type Checkup,
  type Finding,
} from '../common/checkup.js';
import { Config } from '../config/config.js';
import { loadStripe, STRIPE_API_VERSION } from './stripe-client.js';

/** What the endpoint has to be told of; docs/guides/payments.md lists the same. */
export const NEEDED_EVENTS = [
  ...['payment_intent.succeeded', 'payment_intent.processing', 'payment_intent.payment_failed'],
  ...['payment_intent.canceled', 'checkout.session.completed', 'checkout.session.expired'],
  ...['refund.created', 'refund.updated', 'refund.failed'],
  ...['charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed'],
] as const;

/** Whether Stripe lets us in, the account can take money, and its events come here in the version we read. */
@Injectable()
@ExaminedByDoctor()
export class StripeCheckup implements Checkup {
  readonly part = 'stripe';

  constructor(private readonly config: Config) {}

  async examine(): Promise<Finding[]> {
    const { mode } = this.config.stripe;
    const absent = notLive(mode, 'nothing can be paid online, and services that want money stay on hold.');
    if (absent) return [absent];
    try {
      const stripe = await loadStripe(this.config.stripe);
      const account = await stripe.accounts.retrieveCurrent();
      return [accountFinding(account), ...(await this.endpoint(stripe))];
    } catch (error) {
      const words = error instanceof Error ? error.message : 'It failed for an unknown reason.';
      return [
        failure(
          `Stripe could not be asked: ${words}`,
          'Check STRIPE_SECRET_KEY and the way to api.stripe.com.',
        ),
      ];
    }
  }

  private async endpoint(stripe: Stripe): Promise<Finding[]> {
    const url = `${this.config.publicUrl}/webhooks/stripe`;
    const { data } = await stripe.webhookEndpoints.list({ limit: 100 });
    const ours = data.find((endpoint) => endpoint.url === url);
    if (!ours)
      return [
        failure(
          `No webhook endpoint calls ${url}.`,
          'Make one in Stripe; docs/guides/payments.md says with which events.',
        ),
      ];
    if (ours.status !== 'enabled')
      return [failure('The webhook endpoint is switched off.', 'Enable it in Stripe.')];
    const missing = NEEDED_EVENTS.filter(
      (event) => !ours.enabled_events.includes('*') && !ours.enabled_events.includes(event),
    );
    return [
      missing.length === 0
        ? ok('Its events come here.')
        : failure(
            `The webhook endpoint is not told of ${missing.join(', ')}.`,
            'Add these events to it in Stripe.',
          ),
      ours.api_version === STRIPE_API_VERSION
        ? ok(`They come in version ${STRIPE_API_VERSION}.`)
        : warning(
            `They come in version ${ours.api_version ?? 'of the account'}.`,
            `Make the endpoint anew with version ${STRIPE_API_VERSION}.`,
          ),
    ];
  }
}

function accountFinding(account: Stripe.Account): Finding {
  if (!account.charges_enabled)
    return failure('The account cannot take money yet.', 'Finish its activation in Stripe.');
  return account.payouts_enabled
    ? ok('Stripe lets us in; the account can take money.')
    : warning('Stripe takes money, but does not pay it out yet.', 'Add a bank account in Stripe.');
}
