import type { FaultDesk } from './fault-desk.js';
import type { Fault } from './faults.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { Journal, JournalEntry } from './journal.js';
import type { ControlHandler, HttpProvider, StateFilter } from './provider.js';
import type { SandboxSettings } from './settings.js';
import { admit, perform, type AdmittedCall } from './stripe-api.js';
import { CHECKOUT_PATH, checkoutPage } from './stripe-checkout.js';
import { stripeControls } from './stripe-controls.js';
import { refuseWith, StripeRefusal } from './stripe-errors.js';
import { StripeIdempotency, type KeyedRequest } from './stripe-idempotency.js';
import { newId, STRIPE_API_VERSION } from './stripe-objects.js';
import { paymentViews } from './stripe-view.js';
import { StripeWorld } from './stripe-world.js';
import { closeIdleConnections } from './webhook-post.js';

const API_PATH = '/v1/';

/** Stripe's payments as the official SDK, Stripe.js and a customer's browser know them. */
export class StripeProvider implements HttpProvider {
  readonly name = 'stripe';
  readonly controls: Record<string, ControlHandler>;
  private readonly world: StripeWorld;
  private readonly idempotency: StripeIdempotency;
  /** Counts how often everything was forgotten: work held back across that has nothing left to work on. */
  private resets = 0;

  constructor(
    journal: Journal,
    settings: SandboxSettings,
    private readonly desk: FaultDesk,
  ) {
    this.world = new StripeWorld(journal, settings, desk);
    this.idempotency = new StripeIdempotency(this.world.store);
    this.controls = stripeControls(this.world, settings);
  }

  owns(path: string): boolean {
    return path.startsWith(API_PATH) || path.startsWith(CHECKOUT_PATH);
  }

  /** Payments go to nobody's number or address. */
  recipientOf(): undefined {
    return undefined;
  }

  async handle(call: HttpCall, fault: Fault | undefined): Promise<HttpAnswer> {
    if (call.path.startsWith(CHECKOUT_PATH)) return checkoutPage(this.world, call);
    const requestId = newId('req');
    try {
      return identified(await this.answer(call, fault, requestId), requestId);
    } catch (error) {
      if (error instanceof StripeRefusal) return identified(error.answer, requestId);
      throw error;
    }
  }

  refusal(status: number): HttpAnswer {
    return identified(refuseWith(status), newId('req'));
  }

  replay(entry: JournalEntry): void {
    this.world.store.replay(entry);
  }

  resume(): void {
    this.world.resume();
  }

  snapshot(filter: StateFilter) {
    return { payments: paymentViews(this.world.store, filter) };
  }

  reset(): void {
    this.resets += 1;
    this.world.reset();
    closeIdleConnections();
  }

  private async answer(call: HttpCall, fault: Fault | undefined, requestId: string): Promise<HttpAnswer> {
    const admitted = admit(call);
    const idempotencyKey = keyOf(call);
    const work = (keyed: KeyedRequest | null) =>
      this.work(admitted, { requestId, idempotencyKey, keyed, fault });
    if (idempotencyKey === null) return work(null);
    const result = await this.idempotency.once(admitted.caller, call, idempotencyKey, work);
    if (!('owner' in result)) return result;
    const { status, json } = result;
    const headers = { 'idempotent-replayed': 'true', 'original-request': result.requestId };
    return { status, json, headers };
  }

  private async work(admitted: AdmittedCall, context: Parameters<typeof perform>[2]): Promise<HttpAnswer> {
    const { resets } = this;
    if (context.fault?.holdWork) await this.desk.held.wait();
    return resets === this.resets ? perform(this.world, admitted, context) : refuseWith(500);
  }
}

/** Only what changes something is worth a key. */
function keyOf({ method, headers }: HttpCall): string | null {
  const key = headers['idempotency-key'];
  return method === 'POST' && typeof key === 'string' && key !== '' ? key : null;
}

function identified(answer: HttpAnswer, requestId: string): HttpAnswer {
  return {
    ...answer,
    headers: { 'request-id': requestId, 'stripe-version': STRIPE_API_VERSION, ...answer.headers },
  };
}
