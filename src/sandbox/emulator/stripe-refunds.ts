import type { StripeChange } from './stripe-change.js';
import { invalid, missingParameter, missingResource } from './stripe-errors.js';
import {
  newId,
  nowSeconds,
  type RefundStatus,
  type StoredCharge,
  type StoredRefund,
} from './stripe-objects.js';
import { mergeMetadata, readAmount, type StripeParams } from './stripe-params.js';
import type { StripeOperation } from './stripe-request.js';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Where a refund may still go; money that has come back to the salon stays there. */
const NEXT: Record<RefundStatus, readonly RefundStatus[]> = {
  pending: ['succeeded', 'failed', 'canceled'],
  succeeded: ['failed'],
  failed: [],
  canceled: [],
};

/** `POST /v1/refunds`: succeeds at once, unless a fault lets it wait. A pending one counts as refunded until it fails. */
export const createRefund: StripeOperation = ({ params, change, fault }) => {
  params.only('payment_intent', 'charge', 'amount', 'reason', 'metadata', 'expand');
  const charge = chargeToRefund(params, change);
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = readAmount(params) ?? left;
  if (amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  const isPending = fault?.pendingRefund === true;
  const refund = change.put(newRefund(params, charge, amount, isPending ? 'pending' : 'succeeded'));
  change.tell('refund.created', refund);
  const amount_refunded = charge.amount_refunded + amount;
  const refunded = amount_refunded === charge.amount_captured;
  change.tell('charge.refunded', change.put({ ...charge, amount_refunded, refunded }));
  return refund;
};

/** `POST /v1/refunds/:id`. */
export const updateRefund: StripeOperation = ({ params, id, change }) => {
  const refund = needRefund(change, id);
  const metadata = mergeMetadata(refund.metadata, params.only('metadata', 'expand').metadata());
  const next = change.put({ ...refund, metadata });
  change.tell('refund.updated', next);
  return next;
};

/** The bank has decided; a failed or canceled refund leaves the money with the salon again. */
export function moveRefund(change: StripeChange, refund: StoredRefund, status: RefundStatus): StoredRefund {
  if (!NEXT[refund.status].includes(status)) {
    throw invalid(`A refund that is ${refund.status} cannot become ${status}.`, { param: 'status' });
  }
  const isBack = status === 'failed' || status === 'canceled';
  const { pending_reason: _, ...rest } = refund;
  const moved = change.put({
    ...rest,
    status,
    ...(status === 'failed' ? { failure_reason: 'unknown' } : {}),
  });
  const charge = change.find('charge', refund.charge);
  if (isBack && charge) {
    change.put({ ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false });
  }
  change.tell('refund.updated', moved);
  if (status === 'failed') change.tell('refund.failed', moved);
  return moved;
}

/** Throws 404. */
export function needRefund(change: StripeChange, id: string): StoredRefund {
  const refund = change.find('refund', id);
  if (!refund) throw missingResource('refund', id, 'id');
  return refund;
}

function chargeToRefund(params: StripeParams, change: StripeChange): StoredCharge {
  const intentId = params.text('payment_intent');
  const chargeId = params.text('charge');
  if (intentId === undefined && chargeId === undefined) throw missingParameter('payment_intent');
  const intent = intentId === undefined ? undefined : change.find('payment_intent', intentId);
  if (intentId !== undefined && !intent) throw missingResource('payment_intent', intentId, 'payment_intent');
  const id = chargeId ?? intent?.latest_charge ?? '';
  const charge = change.find('charge', id);
  if (chargeId !== undefined && !charge) throw missingResource('charge', chargeId, 'charge');
  if (charge && intent && charge.payment_intent !== intent.id) {
    throw invalid(`Charge ${charge.id} does not belong to ${intent.id}.`, { param: 'charge' });
  }
  if (charge?.status !== 'succeeded') {
    throw invalid(`${intentId ?? id} does not have a successful charge to refund.`, {
      code: 'charge_not_refundable',
    });
  }
  if (charge.disputed) throw invalid(`Charge ${charge.id} is disputed.`, { code: 'charge_disputed' });
  return charge;
}

function newRefund(
  params: StripeParams,
  charge: StoredCharge,
  amount: number,
  status: RefundStatus,
): StoredRefund {
  return {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: nowSeconds(),
    currency: charge.currency,
    customer: null,
    customer_account: null,
    metadata: mergeMetadata({}, params.metadata()),
    payment_intent: charge.payment_intent,
    payment_method: null,
    reason: params.oneOf('reason', REASONS) ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status,
    transfer_reversal: null,
    ...(status === 'pending' ? { pending_reason: 'processing' as const } : {}),
  };
}
