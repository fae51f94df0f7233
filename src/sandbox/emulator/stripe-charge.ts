import type { TestMethod } from './stripe-cards.js';
import { newId, nowSeconds, type StoredCharge, type StoredIntent } from './stripe-objects.js';

/** Why a charge failed. */
export interface ChargeFailure {
  code: string;
  declineCode: string;
  message: string;
}

/** What one attempt to take the money comes to; `failure` only beside `failed`. */
export function newCharge(
  intent: StoredIntent,
  method: TestMethod,
  status: 'succeeded' | 'pending' | 'failed',
  failure: ChargeFailure | null = null,
): StoredCharge {
  const hasMoney = status === 'succeeded';
  return {
    ...NEVER_PLAYED,
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: hasMoney ? intent.amount : 0,
    amount_refunded: 0,
    billing_details: { address: null, email: intent.receipt_email, name: null, phone: null, tax_id: null },
    captured: status !== 'failed',
    created: nowSeconds(),
    currency: intent.currency,
    description: intent.description,
    disputed: false,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata: { ...intent.metadata },
    outcome: outcomeOf(failure),
    paid: hasMoney,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: method.details,
    receipt_email: intent.receipt_email,
    refunded: false,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status,
  };
}

function outcomeOf(failure: ChargeFailure | null): StoredCharge['outcome'] {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: failure ? 'declined_by_network' : 'approved_by_network',
    reason: failure?.declineCode ?? null,
    seller_message: failure ? 'The bank did not approve the payment.' : 'Payment complete.',
    type: failure ? 'issuer_declined' : 'authorized',
  };
}

/** Parts of a charge that belong to products the sandbox does not play. */
const NEVER_PLAYED = {
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  calculated_statement_descriptor: null,
  customer: null,
  failure_balance_transaction: null,
  fraud_details: {},
  on_behalf_of: null,
  receipt_number: null,
  receipt_url: null,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  transfer_data: null,
  transfer_group: null,
} as const;
