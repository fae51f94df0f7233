import { invalid } from './stripe-errors.js';
import type { ChargeDetails } from './stripe-objects.js';

/** What an attempt with a means of payment comes to. */
export type AttemptOutcome =
  | { kind: 'succeeds' | 'authenticates' | 'processes' }
  | { kind: 'declines'; declineCode: string; message: string };

/** One of Stripe's test payment methods: no card numbers are ever played. */
export interface TestMethod {
  id: string;
  type: ChargeDetails['type'];
  details: ChargeDetails;
  outcome: AttemptOutcome;
}

const card = (id: string, outcome: AttemptOutcome, last4: string, brand = 'visa'): TestMethod => ({
  id,
  type: 'card',
  details: { type: 'card', card: { brand, last4, exp_month: 12, exp_year: 2040, country: 'US' } },
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
    details: { type: 'us_bank_account', us_bank_account: { bank_name: 'STRIPE TEST BANK', last4: '6789' } },
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
