import type Stripe from 'stripe';
import { invalid } from './stripe-errors.js';

/** What an attempt with a means of payment comes to. */
export type AttemptOutcome =
  | { kind: 'succeeds' | 'authenticates' | 'processes' }
  | { kind: 'declines'; declineCode: string; message: string };

/** One of Stripe's test payment methods: no card numbers are ever played. */
export interface TestMethod {
  id: string;
  type: 'card' | 'us_bank_account';
  /** What a charge says about it. */
  details: Stripe.Charge.PaymentMethodDetails;
  outcome: AttemptOutcome;
}

const card = (id: string, outcome: AttemptOutcome, last4: string, brand = 'visa'): TestMethod => ({
  id,
  type: 'card',
  details: {
    type: 'card',
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2040,
      funding: 'credit',
      installments: null,
      last4,
      mandate: null,
      network: brand,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  },
  outcome,
});

const SUCCEEDS: AttemptOutcome = { kind: 'succeeds' };
const AUTHENTICATES: AttemptOutcome = { kind: 'authenticates' };
const declines = (declineCode: string, message: string): AttemptOutcome => ({
  kind: 'declines',
  declineCode,
  message,
});

const METHODS: readonly TestMethod[] = [
  card('pm_card_visa', SUCCEEDS, '4242'),
  card('pm_card_mastercard', SUCCEEDS, '4444', 'mastercard'),
  card('pm_card_visa_chargeDeclined', declines('generic_decline', 'Your card was declined.'), '0002'),
  card(
    'pm_card_chargeDeclinedInsufficientFunds',
    declines('insufficient_funds', 'Your card has insufficient funds.'),
    '9995',
  ),
  card('pm_card_authenticationRequired', AUTHENTICATES, '3184'),
  card('pm_card_threeDSecure2Required', AUTHENTICATES, '3220'),
  {
    id: 'pm_usBankAccount',
    type: 'us_bank_account',
    details: {
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type: 'individual',
        account_type: 'checking',
        bank_name: 'STRIPE TEST BANK',
        fingerprint: null,
        last4: '6789',
        payment_reference: null,
        routing_number: '110000000',
      },
    },
    outcome: { kind: 'processes' },
  },
];

/** The test payment methods there are, by id. */
export const TEST_METHOD_IDS: readonly string[] = METHODS.map((method) => method.id);

/** Refuses what is no test payment method. */
export function testMethod(id: string): TestMethod {
  const method = METHODS.find((candidate) => candidate.id === id);
  if (method) return method;
  throw invalid(`No such PaymentMethod: '${id}'`, { code: 'resource_missing', param: 'payment_method' });
}

/** The means of payment as an object of its own, the way a failed attempt shows it; who holds it is not played. */
export function methodResource(method: TestMethod, created: number): Stripe.PaymentMethod {
  return {
    id: method.id,
    object: 'payment_method',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: method.type,
  };
}
