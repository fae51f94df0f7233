import { newId, nowSeconds, type StoredIntent } from './stripe-objects.js';

/** What is given when a payment is begun. */
export interface NewIntent {
  amount: number;
  currency: string;
  metadata: Record<string, string>;
  description: string | null;
  receiptEmail: string | null;
  statementDescriptorSuffix: string | null;
  paymentMethod: string | null;
}

/** A payment nobody has tried to make yet. */
export function newIntent(given: NewIntent): StoredIntent {
  const id = newId('pi');
  return {
    ...NEVER_PLAYED,
    id,
    object: 'payment_intent',
    amount: given.amount,
    amount_capturable: 0,
    amount_received: 0,
    automatic_payment_methods: { enabled: true, allow_redirects: 'always' },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_${newId('secret')}`,
    confirmation_method: 'automatic',
    created: nowSeconds(),
    currency: given.currency,
    description: given.description,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: given.metadata,
    next_action: null,
    payment_method: given.paymentMethod,
    payment_method_types: ['card', 'us_bank_account'],
    processing: null,
    receipt_email: given.receiptEmail,
    statement_descriptor_suffix: given.statementDescriptorSuffix,
    status: given.paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation',
  };
}

/** What a publishable key may see: nothing the salon wrote for itself. */
export function browserView(intent: StoredIntent): Record<string, unknown> {
  const { metadata: _, latest_charge: __, statement_descriptor_suffix: ___, ...shown } = intent;
  return shown;
}

/** Parts of a payment that belong to products the sandbox does not play. */
const NEVER_PLAYED = {
  allowed_payment_method_types: null,
  application: null,
  application_fee_amount: null,
  customer: null,
  customer_account: null,
  excluded_payment_method_types: null,
  managed_payments: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_record: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  transfer_data: null,
  transfer_group: null,
} as const;
