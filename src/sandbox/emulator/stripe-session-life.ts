import type { StripeChange } from './stripe-change.js';
import { invalid } from './stripe-errors.js';
import { newIntent } from './stripe-intent.js';
import { nowSeconds, type StoredIntent, type StoredSession } from './stripe-objects.js';

/** The checkout a payment was made in, if any. */
export function sessionOf(change: StripeChange, intent: StoredIntent): StoredSession | undefined {
  return change.all('checkout.session').find((session) => session.payment_intent === intent.id);
}

/** A checkout goes where its payment goes: complete with the first success, and told again when slow money arrives. */
export function sessionFollows(change: StripeChange, intent: StoredIntent): void {
  const session = sessionOf(change, intent);
  if (!session) return;
  const isPaid = intent.status === 'succeeded';
  if (session.status === 'open' && (isPaid || intent.status === 'processing')) {
    const complete = { ...session, status: 'complete', url: null } as const;
    tellSession(change, { ...complete, payment_status: isPaid ? 'paid' : 'unpaid' }, 'completed');
  } else if (session.status === 'complete' && session.payment_status === 'unpaid') {
    if (isPaid) tellSession(change, { ...session, payment_status: 'paid' }, 'async_payment_succeeded');
    else if (intent.status !== 'processing') tellSession(change, session, 'async_payment_failed');
  }
}

/** The payment of a checkout, begun with the customer's first try and never before. */
export function intentOfSession(change: StripeChange, session: StoredSession): StoredIntent {
  if (session.status !== 'open') {
    throw invalid(`This Checkout Session is ${session.status}; nothing can be paid in it.`);
  }
  const begun = change.find('payment_intent', session.payment_intent ?? '');
  if (begun) return begun;
  const plan = change.planOf(session.id);
  const intent = change.put(
    newIntent({
      amount: session.amount_total,
      currency: session.currency,
      metadata: plan.paymentMetadata,
      description: plan.paymentDescription,
      receiptEmail: session.customer_email,
      statementDescriptorSuffix: null,
      paymentMethod: null,
    }),
  );
  change.tell('payment_intent.created', intent);
  change.put({ ...session, payment_intent: intent.id });
  return intent;
}

/** Nobody can pay in it any more; a payment begun in it ends as well. */
export function expireSession(change: StripeChange, session: StoredSession): StoredSession {
  if (session.status !== 'open') {
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`,
    );
  }
  const intent = change.find('payment_intent', session.payment_intent ?? '');
  if (intent) {
    const canceled = { ...intent, status: 'canceled', next_action: null, payment_method: null } as const;
    const reason = { canceled_at: nowSeconds(), cancellation_reason: 'automatic' } as const;
    change.tell('payment_intent.canceled', change.put({ ...canceled, ...reason }));
  }
  return tellSession(change, { ...session, status: 'expired', url: null }, 'expired');
}

function tellSession(change: StripeChange, session: StoredSession, what: string): StoredSession {
  change.tell(`checkout.session.${what}`, change.put(session));
  return session;
}
