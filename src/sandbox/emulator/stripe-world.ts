import type { FaultDesk } from './fault-desk.js';
import type { Journal } from './journal.js';
import type { SandboxSettings } from './settings.js';
import { StripeChange } from './stripe-change.js';
import type { StoredSession } from './stripe-objects.js';
import { expireSession } from './stripe-session-life.js';
import { StripeStore, type SavedAnswer } from './stripe-store.js';
import { StripeWebhooks } from './stripe-webhooks.js';

/** What Stripe knows, and the one way to change it: written down first, then true, then told. */
export class StripeWorld {
  readonly store: StripeStore;
  readonly webhooks: StripeWebhooks;
  private readonly expiries = new Map<string, NodeJS.Timeout>();

  constructor(
    journal: Journal,
    readonly settings: SandboxSettings,
    desk: FaultDesk,
  ) {
    this.store = new StripeStore(journal);
    this.webhooks = new StripeWebhooks(this.store, settings, desk);
  }

  /** `saved` is the answer to keep for the idempotency key of the request. */
  commit(change: StripeChange, saved: SavedAnswer | null): void {
    if (change.isEmpty && saved === null) return;
    const plans = change.events.map((event) => this.webhooks.plan(event.type));
    this.store.commit(change, plans, saved);
    for (const event of change.events) this.webhooks.start(event.id);
    for (const object of change.objects.values()) {
      if (object.object === 'checkout.session') this.watch(object);
    }
  }

  /** Something the customer, the bank or time does, without a request of the app. */
  act<T>(work: (change: StripeChange) => T): T {
    const change = new StripeChange(this.store);
    const result = work(change);
    this.commit(change, null);
    return result;
  }

  resume(): void {
    for (const session of this.store.newestFirst('checkout.session')) this.watch(session);
    this.webhooks.resume();
  }

  reset(): void {
    for (const timer of this.expiries.values()) clearTimeout(timer);
    this.expiries.clear();
    this.webhooks.stop();
    this.store.clear();
  }

  /** An open session runs out by itself; every other one needs no clock. */
  private watch(session: StoredSession): void {
    clearTimeout(this.expiries.get(session.id));
    this.expiries.delete(session.id);
    if (session.status !== 'open') return;
    const expire = () => this.act((change) => expireSession(change, session));
    const left = Math.max(0, session.expires_at * 1000 - Date.now());
    this.expiries.set(session.id, setTimeout(expire, left));
  }
}
