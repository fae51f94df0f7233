import { newCharge, type ChargeFailure } from './stripe-charge.js';
import { methodResource, testMethod, type TestMethod } from './stripe-cards.js';
import type { StripeChange } from './stripe-change.js';
import { invalid, StripeRefusal } from './stripe-errors.js';
import type { StoredIntent, StoredPaymentError } from './stripe-objects.js';
import { sessionFollows } from './stripe-session-life.js';

const CONFIRMABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

/** The payment is in a state in which this cannot be done; Stripe sends the payment along. */
export function unexpectedState(intent: StoredIntent, act: string): StripeRefusal {
  return new StripeRefusal(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `You cannot ${act} this PaymentIntent because it has a status of ${intent.status}.`,
    payment_intent: intent,
  });
}

/**
 * The customer tries to pay. A decline is a result like any other: the payment can be tried again, and the refusal that the
 * caller may throw is returned, because by then the change must stand.
 */
export function attempt(
  change: StripeChange,
  intent: StoredIntent,
  methodId: string | null,
): { intent: StoredIntent; refusal: StripeRefusal | null } {
  if (!CONFIRMABLE.includes(intent.status)) throw unexpectedState(intent, 'confirm');
  if (methodId === null) {
    throw invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: 'payment_intent_unexpected_state',
    });
  }
  const method = testMethod(methodId);
  const tried: StoredIntent = { ...intent, payment_method: method.id, last_payment_error: null };
  switch (method.outcome.kind) {
    case 'succeeds':
      return { intent: succeed(change, tried, method), refusal: null };
    case 'processes':
      return { intent: process(change, tried, method), refusal: null };
    case 'authenticates':
      return { intent: askForProof(change, tried), refusal: null };
    case 'declines': {
      const { declineCode, message } = method.outcome;
      return decline(change, tried, method, { code: 'card_declined', declineCode, message });
    }
  }
}

/** The customer has, or has not, proven to the bank who they are. */
export function authenticate(change: StripeChange, intent: StoredIntent, hasProven: boolean): StoredIntent {
  if (intent.status !== 'requires_action') throw unexpectedState(intent, 'authenticate');
  const method = testMethod(intent.payment_method ?? '');
  const asked: StoredIntent = { ...intent, next_action: null };
  if (hasProven) return succeed(change, asked, method);
  // No charge was made: the bank never heard of the amount.
  return refuse(change, asked, {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'The provided PaymentMethod has failed authentication.',
    payment_method: methodResource(method, intent.created),
  });
}

/** The bank has made up its mind about a payment under way. */
export function settle(change: StripeChange, intent: StoredIntent, hasMoney: boolean): StoredIntent {
  if (intent.status !== 'processing') throw unexpectedState(intent, 'settle');
  const method = testMethod(intent.payment_method ?? '');
  const pending = change.find('charge', intent.latest_charge ?? '');
  if (!pending) throw new Error(`${intent.id} is processing without a charge`);
  if (hasMoney) {
    const { amount } = pending;
    const charge = change.put({ ...pending, status: 'succeeded', paid: true, amount_captured: amount });
    change.tell('charge.succeeded', charge);
    return received(change, intent, charge.id);
  }
  const message = 'The customer’s bank did not have the money.';
  const failed = { status: 'failed', failure_code: 'insufficient_funds', failure_message: message } as const;
  const charge = change.put({ ...pending, ...failed, captured: false });
  change.tell('charge.failed', charge);
  return refuse(change, intent, {
    type: 'card_error',
    code: 'insufficient_funds',
    message,
    charge: charge.id,
    payment_method: methodResource(method, intent.created),
  });
}

function succeed(change: StripeChange, intent: StoredIntent, method: TestMethod): StoredIntent {
  const charge = change.put(newCharge(intent, method, 'succeeded'));
  change.tell('charge.succeeded', charge);
  return received(change, intent, charge.id);
}

function received(change: StripeChange, intent: StoredIntent, chargeId: string): StoredIntent {
  const paid = change.put({
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: chargeId,
    next_action: null,
  });
  change.tell('payment_intent.succeeded', paid);
  sessionFollows(change, paid);
  return paid;
}

function process(change: StripeChange, intent: StoredIntent, method: TestMethod): StoredIntent {
  const charge = change.put(newCharge(intent, method, 'pending'));
  change.tell('charge.pending', charge);
  const underWay = change.put({
    ...intent,
    status: 'processing',
    latest_charge: charge.id,
    next_action: null,
  });
  change.tell('payment_intent.processing', underWay);
  sessionFollows(change, underWay);
  return underWay;
}

function askForProof(change: StripeChange, intent: StoredIntent): StoredIntent {
  const asked = change.put({
    ...intent,
    status: 'requires_action',
    next_action: { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } },
  });
  change.tell('payment_intent.requires_action', asked);
  return asked;
}

function decline(change: StripeChange, intent: StoredIntent, method: TestMethod, failure: ChargeFailure) {
  const charge = change.put(newCharge(intent, method, 'failed', failure));
  change.tell('charge.failed', charge);
  const reason = {
    type: 'card_error' as const,
    code: failure.code,
    decline_code: failure.declineCode,
    message: failure.message,
    charge: charge.id,
  };
  const refused = refuse(
    change,
    { ...intent, latest_charge: charge.id },
    {
      ...reason,
      payment_method: methodResource(method, intent.created),
    },
  );
  return { intent: refused, refusal: new StripeRefusal(402, { ...reason, payment_intent: refused }) };
}

/** Back to the start, so that the customer can try again. */
function refuse(change: StripeChange, intent: StoredIntent, why: StoredPaymentError): StoredIntent {
  const refused = change.put({
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: why,
  });
  change.tell('payment_intent.payment_failed', refused);
  sessionFollows(change, refused);
  return refused;
}
