import type Stripe from 'stripe';
import { isUuid } from '../../common/ids.js';
import type {
  DisputeTruth,
  OurIds,
  PaymentTruth,
  ProviderNews,
  RefundTruth,
  TruthState,
} from '../payment.gateway.js';

/** Stripe's words for an intent, in ours: everything that waits for the payer is open. */
const INTENT_STATES: Readonly<Record<string, TruthState>> = {
  succeeded: 'succeeded',
  processing: 'processing',
  canceled: 'canceled',
};

const idOf = (value: unknown) => (isUuid(value) ? value : null);
const refOf = (value: { id: string } | string | null | undefined) =>
  typeof value === 'string' ? value : (value?.id ?? null);

/** The ids we gave the object when we made it. */
export function ourIds(metadata: Stripe.Metadata | null | undefined): OurIds {
  return { paymentId: idOf(metadata?.['paymentId']), bookingId: idOf(metadata?.['bookingId']) };
}

/** An intent as the rules judge it; its latest charge is to be expanded. */
export function truthOfIntent(intent: Stripe.PaymentIntent): PaymentTruth {
  const state = INTENT_STATES[intent.status] ?? 'open';
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  const card = charge?.payment_method_details?.card ?? null;
  return {
    ...ourIds(intent.metadata),
    state,
    intentId: intent.id,
    amountMinor: state === 'succeeded' ? intent.amount_received : intent.amount,
    currency: intent.currency.toUpperCase(),
    isLive: intent.livemode,
    chargeId: refOf(intent.latest_charge),
    method: card?.last4 ? { brand: card.brand ?? 'card', last4: card.last4 } : null,
    errorCode: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null,
    clientSecret: intent.client_secret,
    url: null,
  };
}

/** A hosted page: until it is completed there may be no intent; its own state says whether it can still be paid on. */
export function truthOfSession(session: Stripe.Checkout.Session): PaymentTruth {
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  const ids = ourIds(session.metadata);
  if (intent) return { ...truthOfIntent(intent), ...ids, clientSecret: null, url: null };
  return {
    ...ids,
    state: session.status === 'expired' ? 'canceled' : 'open',
    intentId: refOf(session.payment_intent),
    amountMinor: session.amount_total ?? 0,
    currency: (session.currency ?? '').toUpperCase(),
    isLive: session.livemode,
    chargeId: null,
    method: null,
    errorCode: null,
    clientSecret: null,
    url: session.status === 'open' ? session.url : null,
  };
}

const REFUND_STATES: Readonly<Record<string, RefundTruth['state']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

export function truthOfRefund(refund: Stripe.Refund): RefundTruth {
  return {
    id: refund.id,
    refundId: idOf(refund.metadata?.['refundId']),
    intentId: refOf(refund.payment_intent),
    state: REFUND_STATES[refund.status ?? ''] ?? 'pending',
    amountMinor: refund.amount,
    currency: refund.currency.toUpperCase(),
    errorCode: refund.failure_reason ?? null,
  };
}

/** Stripe's words for a dispute that no longer asks for the money; of every other word but `lost` the bank has yet to speak. */
const OVER: readonly Stripe.Dispute.Status[] = ['won', 'warning_closed', 'prevented'];

function stateOfDispute({ status }: Stripe.Dispute): DisputeTruth['state'] {
  if (status === 'lost') return 'lost';
  return OVER.includes(status) ? 'won' : 'open';
}

/** A charge may be disputed more than once, newest first: what is undecided counts most, then money that is gone. */
export function truthOfDisputes(disputes: readonly Stripe.Dispute[]): DisputeTruth | null {
  for (const state of ['open', 'lost', 'won'] as const) {
    const found = disputes.find((dispute) => stateOfDispute(dispute) === state);
    if (!found) continue;
    const wantsEvidence = state === 'open' && found.status.endsWith('needs_response');
    return { state, step: `${found.id}:${found.status}`, wantsEvidence };
  }
  return null;
}

/** We made it ourselves: there is nothing to look at yet. */
const OURS = 'payment_intent.created';

/** What an event is about. How the thing stands is asked for afterwards: events come late, twice and in any order. */
export function newsOf(event: Stripe.Event): ProviderNews {
  const about = { eventId: event.id, type: event.type };
  const { object } = event.data;
  const objectId = 'id' in object && typeof object.id === 'string' ? object.id : '';
  const nothing = { paymentId: null, bookingId: null, intentId: null, objectId };
  if (event.type === OURS) return { ...about, ...nothing, kind: 'other' };
  switch (object.object) {
    case 'payment_intent':
      return { ...about, kind: 'payment', ...ourIds(object.metadata), intentId: object.id, objectId };
    case 'checkout.session':
      return {
        ...about,
        kind: 'payment',
        ...ourIds(object.metadata),
        intentId: refOf(object.payment_intent),
        objectId,
      };
    case 'refund':
      return { ...about, ...nothing, kind: 'refund', intentId: refOf(object.payment_intent) };
    case 'dispute':
      return { ...about, ...nothing, kind: 'dispute', intentId: refOf(object.payment_intent) };
    default:
      return { ...about, ...nothing, kind: 'other' };
  }
}
