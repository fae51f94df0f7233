import type { StripeChange } from './stripe-change.js';
import { invalid } from './stripe-errors.js';
import { newId, nowSeconds, type StoredDispute, type StoredIntent } from './stripe-objects.js';

/** How a dispute ends. */
export type DisputeVerdict = 'won' | 'lost';

/** The customer has asked their bank for the money back. */
export function openDispute(change: StripeChange, intent: StoredIntent, reason: string): StoredDispute {
  const charge = change.find('charge', intent.latest_charge ?? '');
  if (charge?.status !== 'succeeded') throw invalid(`${intent.id} has no successful charge to dispute.`);
  if (disputeOf(change, intent)) throw invalid(`${intent.id} is disputed already.`);
  change.put({ ...charge, disputed: true });
  const dispute: StoredDispute = {
    id: newId('dp'),
    object: 'dispute',
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: nowSeconds(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: intent.id,
    reason,
    status: 'needs_response',
  };
  change.tell('charge.dispute.created', change.put(dispute));
  return dispute;
}

/** The bank has decided. */
export function closeDispute(
  change: StripeChange,
  intent: StoredIntent,
  verdict: DisputeVerdict,
): StoredDispute {
  const dispute = disputeOf(change, intent);
  if (dispute?.status !== 'needs_response') throw invalid(`${intent.id} has no open dispute.`);
  const closed = change.put({ ...dispute, status: verdict });
  change.tell('charge.dispute.closed', closed);
  return closed;
}

function disputeOf(change: StripeChange, intent: StoredIntent): StoredDispute | undefined {
  return change.all('dispute').find((dispute) => dispute.payment_intent === intent.id);
}
