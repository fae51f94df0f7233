import { SANDBOX_STRIPE } from './credentials.js';
import type { HttpCall } from './http-call.js';
import { invalid, StripeRefusal, unauthorized } from './stripe-errors.js';
import type { FormObject } from './stripe-form.js';
import { STRIPE_API_VERSION } from './stripe-objects.js';

/** Whose call it is: the salon's server, or a customer's browser, which proves itself by the payment's client secret. */
export type StripeCaller = 'server' | 'browser';

/** What a browser may do; everything else needs the secret key. */
const BROWSER_ROUTES = ['GET payment_intents/:id', 'POST payment_intents/:id/confirm'];

/** Tells who calls, and refuses strangers and other versions of the API. */
export function callerOf(call: HttpCall, form: FormObject, route: string): StripeCaller {
  const inForm = form['key'];
  const key = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? inForm;
  if (typeof key !== 'string') throw unauthorized('You did not provide an API key.');
  const isServer = key === SANDBOX_STRIPE.secretKey;
  if (!isServer && key !== SANDBOX_STRIPE.publishableKey) throw unauthorized('Invalid API Key provided.');
  const version = call.headers['stripe-version'];
  // Stripe.js sends none of its own accord.
  if (version !== STRIPE_API_VERSION && (isServer || version !== undefined)) {
    throw invalid(
      `Invalid Stripe API version: ${String(version)}. The sandbox speaks ${STRIPE_API_VERSION}.`,
    );
  }
  if (isServer) return 'server';
  if (!BROWSER_ROUTES.includes(route)) {
    throw new StripeRefusal(403, {
      type: 'invalid_request_error',
      code: 'secret_key_required',
      message: 'This API call cannot be made with a publishable API key. Please use a secret API key.',
    });
  }
  if (typeof form['client_secret'] !== 'string') {
    throw new StripeRefusal(401, {
      type: 'invalid_request_error',
      param: 'client_secret',
      message: 'A publishable key needs the client_secret of the PaymentIntent.',
    });
  }
  return 'browser';
}
