import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { SANDBOX_STRIPE } from './credentials.js';
import { until, type TestEmulator } from './emulator.fixture.js';

/** The official Stripe SDK as the app uses it; without retries of its own, so that a test sees every answer. */
export function stripeAt(
  base: string,
  options: Stripe.StripeConfig = {},
  key: string = SANDBOX_STRIPE.secretKey,
) {
  const { hostname, port } = new URL(base);
  return new Stripe(key, {
    protocol: 'http',
    host: hostname,
    port,
    maxNetworkRetries: 0,
    timeout: 5_000,
    telemetry: false,
    ...options,
  });
}

/** Stands in for the app's Stripe webhook: takes what is genuinely signed, and keeps what is not aside. */
export class StripeReceiver {
  readonly events: Stripe.Event[] = [];
  readonly refused: string[] = [];
  /** What is answered to genuine events. */
  status = 200;
  url = '';
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      try {
        const signature = String(request.headers['stripe-signature']);
        const event = Stripe.webhooks.constructEvent(body, signature, SANDBOX_STRIPE.webhookSecret);
        this.events.push(event);
        response.writeHead(this.status).end();
      } catch (error) {
        this.refused.push(error instanceof Error ? error.message : String(error));
        response.writeHead(400).end();
      }
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/stripe`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get types(): string[] {
    return this.events.map((event) => event.type);
  }

  /** Waits for events of these types, in any order. */
  async heard(...types: string[]): Promise<void> {
    await until(
      () => this.types,
      (seen) => types.every((type) => seen.includes(type)),
    );
  }
}

/** What the API refused, or a failure when it did not. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** A customer's payment of an amount, paid with the card that works. */
export function aPayment(emulator: TestEmulator, amount = 5_000, metadata: Record<string, string> = {}) {
  return stripeAt(emulator.base).paymentIntents.create({
    amount,
    currency: 'eur',
    metadata,
    payment_method: 'pm_card_visa',
    confirm: true,
  });
}

/** The names of all events there were, oldest first. */
export async function eventTypes(emulator: TestEmulator): Promise<string[]> {
  const events = await stripeAt(emulator.base).events.list({ limit: 100 });
  return events.data.map((event) => event.type).reverse();
}

/** The id of something that is there, whether it was expanded or not. */
export function idOf(value: string | { id: string } | null): string {
  if (value === null) throw new Error('there is nothing');
  return typeof value === 'string' ? value : value.id;
}
