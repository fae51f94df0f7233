import { SANDBOX_STRIPE } from './credentials.js';
import type { FaultDesk } from './fault-desk.js';
import { STRIPE_WEBHOOK } from './faults.js';
import type { SandboxSettings } from './settings.js';
import { nowSeconds } from './stripe-objects.js';
import { eventResource } from './stripe-reads.js';
import { isSuccess, type DeliveryPlan, type EventRecord, type StripeStore } from './stripe-store.js';
import { postJson, stripeSignature, type WebhookResult } from './webhook-post.js';

/** Stripe goes on for three days; here it is under a minute at the usual pace, so that an app that restarts misses nothing. */
const MAX_ATTEMPTS = 14;
const LONGEST_PAUSE_MS = 5_000;
/** How long an event is held back when no other one follows it. */
const LONGEST_HOLD_MS = 2_000;
const STALE_S = 3_600;

/** Tells the app what happened: at least once, in no order, until it answers 2xx. */
export class StripeWebhooks {
  private readonly timers = new Set<NodeJS.Timeout>();
  private held: EventRecord | null = null;

  constructor(
    private readonly store: StripeStore,
    private readonly settings: SandboxSettings,
    private readonly desk: FaultDesk,
  ) {}

  /** How an event that happens now will be told; null when nobody listens. */
  plan(type: string): DeliveryPlan | null {
    if (this.settings.stripeEndpoint === null) return null;
    const fault = this.desk.take({ provider: 'stripe', method: STRIPE_WEBHOOK, path: type, to: undefined });
    return {
      copies: fault?.duplicateCallbacks ? 2 : 1,
      delayMs: fault?.callbackDelayMs ?? null,
      isHeld: fault?.reorderCallbacks ?? false,
      isDropped: fault?.loseCallbacks ?? false,
      signature: fault?.forgeCallbacks ? 'forged' : fault?.staleCallbacks ? 'stale' : 'genuine',
    };
  }

  /** An event has just happened. */
  start(eventId: string): void {
    const record = this.store.findEvent(eventId);
    if (!record || !isUnderWay(record)) return;
    if (record.plan?.isHeld && this.held === null) {
      this.held = record;
      this.later(LONGEST_HOLD_MS, () => this.letGo(record));
      return;
    }
    this.later(record.plan?.delayMs ?? this.settings.stepMs, () => void this.deliver(record));
  }

  /** Takes up what was under way when the emulator ended. */
  resume(): void {
    for (const record of this.store.eventsNewestFirst().reverse()) {
      if (isUnderWay(record)) this.later(this.settings.stepMs, () => void this.deliver(record));
    }
  }

  /** Tells an event once more, properly, whatever a fault had done to it; null when nobody listens. */
  async redeliver(record: EventRecord): Promise<WebhookResult | null> {
    if (this.settings.stripeEndpoint === null) return null;
    this.store.recordRedelivery(record.event.id);
    return this.deliver(record);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.held = null;
  }

  private async deliver(record: EventRecord): Promise<WebhookResult | null> {
    const url = this.settings.stripeEndpoint;
    // Whoever listened has stopped to; the event stays undelivered.
    if (url === null) return null;
    const copies = record.attempts === 0 ? (record.plan?.copies ?? 1) : 1;
    const results = await Promise.all(Array.from({ length: copies }, () => this.attempt(record, url)));
    // A reset or a shutdown in the meantime leaves nothing to go on with.
    if (this.store.findEvent(record.event.id) !== record) return null;
    if (this.held !== null && this.held !== record) this.letGo(this.held);
    if (isUnderWay(record) && !results.some((result) => isSuccess(result.status))) {
      const pause = Math.min(this.settings.stepMs * 2 ** record.attempts, LONGEST_PAUSE_MS);
      this.later(pause, () => void this.deliver(record));
    }
    return results[0] ?? null;
  }

  private async attempt(record: EventRecord, url: string): Promise<WebhookResult> {
    const body = JSON.stringify({ ...eventResource(record), pending_webhooks: 1 });
    const { signature } = record.plan ?? { signature: 'genuine' };
    const secret = signature === 'forged' ? 'whsec_of_somebody_else' : SANDBOX_STRIPE.webhookSecret;
    const signedAt = signature === 'stale' ? nowSeconds() - STALE_S : nowSeconds();
    const result = await postJson(url, body, { 'stripe-signature': stripeSignature(secret, signedAt, body) });
    if (this.store.findEvent(record.event.id) === record) {
      this.store.recordDelivery(record.event.id, result.status, result.error);
    }
    return result;
  }

  private letGo(record: EventRecord): void {
    if (this.held !== record) return;
    this.held = null;
    void this.deliver(record);
  }

  private later(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, delayMs);
    this.timers.add(timer);
  }
}

function isUnderWay({ plan, isDelivered, attempts }: EventRecord): boolean {
  if (plan === null || plan.isDropped || isDelivered) return false;
  return plan.signature === 'genuine' ? attempts < MAX_ATTEMPTS : attempts === 0;
}
