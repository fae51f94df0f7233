import type { StateFilter } from './provider.js';
import type { StoredIntent, StoredSession } from './stripe-objects.js';
import type { ObjectRecord, StripeStore } from './stripe-store.js';

/** A payment as `/__state` shows it: an intent, or a checkout nobody has tried to pay in yet. */
export interface PaymentView {
  seq: number;
  /** Real time. */
  at: string;
  paymentIntent: string | null;
  session: string | null;
  amount: number;
  currency: string;
  status: string;
  /** In minor units, what was given back or is on its way. */
  refunded: number;
  metadata: Record<string, string>;
  /** Where a person can pay; null when there is no page, or no more. */
  payUrl: string | null;
}

/** Oldest first. Payments have no recipient: they are left out where only one is asked for. */
export function paymentViews(store: StripeStore, filter: StateFilter): PaymentView[] {
  if (filter.to !== undefined) return [];
  const sessions = store.recordsOf('checkout.session');
  const ofIntent = new Map(sessions.map(({ object }) => [object.payment_intent, object]));
  const intents = store
    .recordsOf('payment_intent')
    .map((record) => intentView(store, record, ofIntent.get(record.object.id)));
  const unpaid = sessions.filter(({ object }) => object.payment_intent === null);
  return [...intents, ...unpaid.map((record) => sessionView(store, record))]
    .filter((view) => view.seq > filter.since)
    .toSorted((one, other) => one.seq - other.seq);
}

function intentView(
  store: StripeStore,
  { seq, at, object: intent }: ObjectRecord<StoredIntent>,
  session: StoredSession | undefined,
): PaymentView {
  const { id, amount, currency, status, metadata } = intent;
  const refunded = store.find('charge', intent.latest_charge ?? '')?.amount_refunded ?? 0;
  const ofSession = { session: session?.id ?? null, payUrl: session?.url ?? null };
  return { seq, at, paymentIntent: id, ...ofSession, amount, currency, status, refunded, metadata };
}

function sessionView(store: StripeStore, { seq, at, object }: ObjectRecord<StoredSession>): PaymentView {
  const { id, amount_total: amount, currency, status, url: payUrl } = object;
  const metadata = { ...object.metadata, ...store.planOf(id).paymentMetadata };
  return {
    seq,
    at,
    paymentIntent: null,
    session: id,
    amount,
    currency,
    status,
    refunded: 0,
    metadata,
    payUrl,
  };
}
