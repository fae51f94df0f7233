import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';

/** The one version of the API the emulator speaks, and that its events are rendered in. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

/** Objects are kept as they are sent, in the SDK's own types; other objects in them are kept as ids, and expanded on demand. */
type Kept<T, Changed> = Omit<T, keyof Changed> & Changed;

export type StoredIntent = Kept<
  Stripe.PaymentIntent,
  {
    latest_charge: string | null;
    payment_method: string | null;
    last_payment_error: StoredPaymentError | null;
    client_secret: string;
  }
>;

export type StoredCharge = Kept<
  Stripe.Charge,
  {
    payment_intent: string;
    payment_method_details: Stripe.Charge.PaymentMethodDetails;
    metadata: Record<string, string>;
  }
>;

export type StoredRefund = Kept<
  Stripe.Refund,
  { charge: string; payment_intent: string; status: RefundStatus; metadata: Record<string, string> }
>;

export type StoredSession = Kept<
  Stripe.Checkout.Session,
  {
    payment_intent: string | null;
    status: 'open' | 'complete' | 'expired';
    amount_total: number;
    currency: string;
    metadata: Record<string, string>;
  }
>;

/** Evidence is not played: what the salon tells the bank goes through the dashboard. */
export type StoredDispute = Kept<
  Omit<Stripe.Dispute, 'evidence' | 'evidence_details' | 'balance_transactions'>,
  { charge: string; payment_intent: string; balance_transactions: [] }
>;

export type StoredObject = StoredIntent | StoredCharge | StoredRefund | StoredSession | StoredDispute;

/** Statuses a refund goes through here; `requires_action` belongs to methods the sandbox does not play. */
export type RefundStatus = 'pending' | 'succeeded' | 'failed' | 'canceled';

/** Why the last attempt did not succeed. */
export type StoredPaymentError = Kept<
  Stripe.PaymentIntent.LastPaymentError,
  { code: string; message: string }
>;

/** A change, as it is told: the object as it was right after. */
export interface StoredEvent {
  id: string;
  object: 'event';
  api_version: typeof STRIPE_API_VERSION;
  created: number;
  data: { object: StoredObject };
  livemode: false;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

/** What a line of a checkout sells; not part of the session until somebody expands it. */
export interface SessionLine {
  id: string;
  object: 'item';
  amount_discount: 0;
  amount_subtotal: number;
  amount_tax: 0;
  amount_total: number;
  currency: string;
  description: string;
  quantity: number;
}

/** An id as Stripe makes them: the kind, then letters nobody can guess. */
export function newId(prefix: string, bytes = 12): string {
  return `${prefix}_${randomBytes(bytes).toString('hex')}`;
}

/** Stripe's instants are whole seconds. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
