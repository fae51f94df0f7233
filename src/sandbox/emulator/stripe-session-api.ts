import { invalid, missingParameter, missingResource } from './stripe-errors.js';
import { newId, nowSeconds, type SessionLine, type StoredSession } from './stripe-objects.js';
import { mergeMetadata, needCurrency, readAmount, type StripeParams } from './stripe-params.js';
import type { StripeChange } from './stripe-change.js';
import type { StripeOperation } from './stripe-request.js';
import { expireSession } from './stripe-session-life.js';
import { isHttpUrl } from './settings.js';

const SHORTEST_S = 30 * 60;
const LONGEST_S = 24 * 3600;

/** `POST /v1/checkout/sessions`, for payments only: the customer pays on a page of the emulator's own. */
export const createSession: StripeOperation = ({ params, change, base }) => {
  params.only(
    ...['mode', 'line_items', 'client_reference_id', 'metadata', 'payment_intent_data', 'success_url'],
    ...['cancel_url', 'expires_at', 'customer_email', 'ui_mode', 'expand'],
  );
  if (params.oneOf('mode', ['payment']) === undefined) throw missingParameter('mode');
  params.oneOf('ui_mode', ['hosted_page']);
  const lines = params.objects('line_items').map(readLine);
  const [first] = lines;
  if (!first) throw missingParameter('line_items');
  if (lines.some((line) => line.currency !== first.currency)) {
    throw invalid('All line items must have the same currency.', { param: 'line_items' });
  }
  const session = newSession(params, lines, first.currency, base);
  const payment = params.object('payment_intent_data')?.only('metadata', 'description');
  change.sessionPlans[session.id] = {
    lines,
    paymentMetadata: mergeMetadata({}, payment?.metadata() ?? {}),
    paymentDescription: payment?.text('description') ?? null,
  };
  return change.put(session);
};

/** `POST /v1/checkout/sessions/:id/expire`. */
export const expireNow: StripeOperation = ({ params, id, change }) => {
  params.only('expand');
  return expireSession(change, needSession(change, id));
};

/** Throws 404. */
export function needSession(change: StripeChange, id: string): StoredSession {
  const session = change.find('checkout.session', id);
  if (!session) throw missingResource('checkout.session', id, 'session');
  return session;
}

function readLine(item: StripeParams): SessionLine {
  item.only('price_data', 'quantity');
  const price = item.object('price_data');
  if (!price) throw missingParameter(item.nameOf('price_data'));
  price.only('currency', 'unit_amount', 'product_data');
  const product = price.object('product_data')?.only('name', 'description', 'metadata');
  if (!product) throw missingParameter(price.nameOf('product_data'));
  const quantity = item.integer('quantity', 1, 999_999);
  if (quantity === undefined) throw missingParameter(item.nameOf('quantity'));
  const unitAmount = readAmount(price, 'unit_amount');
  if (unitAmount === undefined) throw missingParameter(price.nameOf('unit_amount'));
  return {
    id: newId('li'),
    object: 'item',
    amount_discount: 0,
    amount_subtotal: unitAmount * quantity,
    amount_tax: 0,
    amount_total: unitAmount * quantity,
    currency: needCurrency(price),
    description: product.needText('name'),
    quantity,
  };
}

/**
 * Real time, not the app's: a real Stripe would not follow an app whose clock was moved either. What shall run out sooner is
 * let run out by `POST /__stripe/expire`.
 */
function readExpiry(params: StripeParams): number {
  const now = nowSeconds();
  const expiresAt = params.integer('expires_at', 0, 9_999_999_999) ?? now + LONGEST_S;
  if (expiresAt < now + SHORTEST_S || expiresAt > now + LONGEST_S) {
    throw invalid('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', {
      param: 'expires_at',
    });
  }
  return expiresAt;
}

function readUrl(params: StripeParams, name: string): string | null {
  const url = params.text(name);
  if (url === undefined) return null;
  if (!isHttpUrl(url)) throw invalid('Not a valid URL', { code: 'url_invalid', param: name });
  return url;
}

function newSession(
  params: StripeParams,
  lines: readonly SessionLine[],
  currency: string,
  base: string,
): StoredSession {
  const id = newId('cs_test', 24);
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
  const successUrl = readUrl(params, 'success_url');
  if (successUrl === null) throw missingParameter('success_url');
  const email = params.text('customer_email', 254) ?? null;
  return {
    ...NEVER_PLAYED,
    id,
    object: 'checkout.session',
    amount_subtotal: total,
    amount_total: total,
    cancel_url: readUrl(params, 'cancel_url'),
    client_reference_id: params.text('client_reference_id', 200) ?? null,
    created: nowSeconds(),
    currency,
    customer_email: email,
    expires_at: readExpiry(params),
    livemode: false,
    metadata: mergeMetadata({}, params.metadata()),
    mode: 'payment',
    payment_intent: null,
    payment_method_types: ['card', 'us_bank_account'],
    payment_status: 'unpaid',
    status: 'open',
    success_url: successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${base}/c/pay/${id}`,
  };
}

/** Parts of a session that belong to products the sandbox does not play. */
const NEVER_PLAYED = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer: null,
  customer_account: null,
  customer_creation: null,
  customer_details: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_link: null,
  payment_method_collection: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  wallet_options: null,
} satisfies Partial<StoredSession>;
