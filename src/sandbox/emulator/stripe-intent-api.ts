import { attempt, unexpectedState } from './stripe-attempts.js';
import { testMethod } from './stripe-cards.js';
import type { StripeChange } from './stripe-change.js';
import { invalid, missingParameter, missingResource } from './stripe-errors.js';
import { newIntent } from './stripe-intent.js';
import { nowSeconds, type StoredIntent } from './stripe-objects.js';
import { mergeMetadata, needCurrency, readAmount, type StripeParams } from './stripe-params.js';
import type { StripeOperation } from './stripe-request.js';
import { sessionOf } from './stripe-session-life.js';

const CHANGEABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
const CANCEL_REASONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;
const DESCRIBING = ['metadata', 'description', 'receipt_email', 'payment_method', 'expand'] as const;

/** `POST /v1/payment_intents`. `payment_method_types` is no parameter of this version, and refused like any unknown one. */
export const createIntent: StripeOperation = ({ params, change }) => {
  params.only(
    ...DESCRIBING,
    ...['amount', 'currency', 'automatic_payment_methods', 'capture_method', 'confirm'],
    ...['return_url', 'statement_descriptor_suffix', 'use_stripe_sdk'],
  );
  const amount = readAmount(params);
  if (amount === undefined) throw missingParameter('amount');
  const currency = needCurrency(params);
  params.object('automatic_payment_methods')?.only('enabled', 'allow_redirects').flag('enabled');
  params.oneOf('capture_method', ['automatic', 'automatic_async']);
  const methodId = params.text('payment_method');
  if (methodId !== undefined) testMethod(methodId);
  const intent = newIntent({
    amount,
    currency,
    metadata: mergeMetadata({}, params.metadata()),
    description: params.text('description') ?? null,
    receiptEmail: params.text('receipt_email', 254) ?? null,
    statementDescriptorSuffix: params.text('statement_descriptor_suffix', 22) ?? null,
    paymentMethod: methodId ?? null,
  });
  const isConfirmed = params.flag('confirm') ?? false;
  if (isConfirmed && methodId === undefined) throw missingParameter('payment_method');
  change.tell('payment_intent.created', change.put(intent));
  return isConfirmed ? attemptOrThrow(change, intent, intent.payment_method) : intent;
};

/** `POST /v1/payment_intents/:id`. */
export const updateIntent: StripeOperation = ({ params, id, change }) => {
  const intent = needIntent(change, id);
  params.only(...DESCRIBING, 'amount', 'currency');
  const touchesMoney = ['amount', 'currency', 'payment_method'].some((name) => params.has(name));
  if (touchesMoney && !CHANGEABLE.includes(intent.status)) throw unexpectedState(intent, 'update');
  const methodId = params.text('payment_method');
  const next: StoredIntent = {
    ...intent,
    amount: readAmount(params) ?? intent.amount,
    currency: params.has('currency') ? needCurrency(params) : intent.currency,
    metadata: mergeMetadata(intent.metadata, params.metadata()),
    description: params.text('description') ?? intent.description,
    receipt_email: params.text('receipt_email', 254) ?? intent.receipt_email,
  };
  if (methodId === undefined) return change.put(next);
  return change.put({ ...next, payment_method: testMethod(methodId).id, status: 'requires_confirmation' });
};

/** `POST /v1/payment_intents/:id/confirm`, by the server or, with the client secret, by the browser. */
export const confirmIntent: StripeOperation = ({ params, id, change }) => {
  const intent = needIntent(change, id);
  params.only(
    'payment_method',
    'receipt_email',
    'return_url',
    'use_stripe_sdk',
    'client_secret',
    'key',
    'expand',
  );
  checkClientSecret(params, intent);
  const session = sessionOf(change, intent);
  if (session)
    throw invalid('This PaymentIntent belongs to a Checkout Session and is confirmed on its page.');
  const methodId = params.text('payment_method') ?? intent.payment_method;
  const receipt_email = params.text('receipt_email', 254) ?? intent.receipt_email;
  return attemptOrThrow(change, { ...intent, receipt_email }, methodId);
};

/** `POST /v1/payment_intents/:id/cancel`. */
export const cancelIntent: StripeOperation = ({ params, id, change }) => {
  const intent = needIntent(change, id);
  const reason = params.only('cancellation_reason', 'expand').oneOf('cancellation_reason', CANCEL_REASONS);
  if (!CHANGEABLE.includes(intent.status)) throw unexpectedState(intent, 'cancel');
  if (sessionOf(change, intent)) {
    throw invalid('You cannot cancel this PaymentIntent: expire the Checkout Session it belongs to.', {
      code: 'payment_intent_unexpected_state',
    });
  }
  const canceled = change.put({
    ...intent,
    status: 'canceled',
    next_action: null,
    canceled_at: nowSeconds(),
    cancellation_reason: reason ?? null,
  } as const);
  change.tell('payment_intent.canceled', canceled);
  return canceled;
};

/** Refuses a client secret that is given and wrong; whether one must be given depends on the key. */
export function checkClientSecret(params: StripeParams, intent: StoredIntent): void {
  const secret = params.text('client_secret');
  if (secret === undefined || secret === intent.client_secret) return;
  throw invalid(
    'The client_secret provided does not match the client_secret associated with the PaymentIntent.',
    {
      param: 'client_secret',
    },
  );
}

/** Throws 404. */
export function needIntent(change: StripeChange, id: string): StoredIntent {
  const intent = change.find('payment_intent', id);
  if (!intent) throw missingResource('payment_intent', id, 'intent');
  return intent;
}

function attemptOrThrow(change: StripeChange, intent: StoredIntent, methodId: string | null): StoredIntent {
  const tried = attempt(change, intent, methodId);
  if (tried.refusal) throw tried.refusal;
  return tried.intent;
}
