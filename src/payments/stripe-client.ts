import type Stripe from 'stripe';
import type { StripeConfig } from '../config/config.js';

/** The version every answer and webhook is read in; the endpoint must be made with the same one. */
export const STRIPE_API_VERSION = '2026-10-28.endive';
const TIMEOUT_MS = 10_000;

/** Makes the official SDK's client, loaded when first needed: it costs 0.25 s. Another base where configured. */
export async function loadStripe(config: StripeConfig): Promise<Stripe> {
  const { default: StripeSdk } = await import('stripe');
  return new StripeSdk(config.secretKey, {
    apiVersion: STRIPE_API_VERSION,
    timeout: TIMEOUT_MS,
    // A lost answer is repeated under the same key at once; whatever is left is the outbox's.
    maxNetworkRetries: 1,
    telemetry: false,
    ...baseOf(config.apiBase),
  });
}

function baseOf(apiBase: string | null) {
  if (apiBase === null) return {};
  const { protocol, hostname, port } = new URL(apiBase);
  const isPlain = protocol === 'http:';
  return {
    protocol: isPlain ? ('http' as const) : ('https' as const),
    host: hostname,
    port: port || (isPlain ? '80' : '443'),
  };
}
