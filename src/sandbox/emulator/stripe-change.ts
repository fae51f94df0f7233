import { newId, nowSeconds, STRIPE_API_VERSION } from './stripe-objects.js';
import type { StoredEvent, StoredObject } from './stripe-objects.js';
import type { ChangeContent, KindOf, ObjectOf, SessionPlan, StripeStore } from './stripe-store.js';

/** Who asked for a change; a customer in the browser has neither id nor key. */
export type ChangeCause = StoredEvent['request'];

const NOBODY: ChangeCause = { id: null, idempotency_key: null };

/**
 * Everything one request changes, not yet true. It becomes one line of the journal, so that an emulator killed at any moment
 * has either all of it (a charge, its events, the answer kept for its idempotency key) or nothing. Reads see what it changed.
 */
export class StripeChange implements ChangeContent {
  readonly objects = new Map<string, StoredObject>();
  readonly sessionPlans: Record<string, SessionPlan> = {};
  readonly events: StoredEvent[] = [];

  constructor(
    private readonly store: StripeStore,
    private readonly cause: ChangeCause = NOBODY,
  ) {}

  find<K extends KindOf>(kind: K, id: string): ObjectOf<K> | undefined {
    const object = this.objects.get(id);
    // The kind is what tells the objects apart.
    return object?.object === kind ? (object as ObjectOf<K>) : this.store.find(kind, id);
  }

  get isEmpty(): boolean {
    return this.objects.size === 0 && this.events.length === 0;
  }

  /** Newest first. */
  all<K extends KindOf>(kind: K): ObjectOf<K>[] {
    const made = [...this.objects.keys()]
      .reverse()
      .filter((id) => !this.store.find(kind, id))
      .flatMap((id) => this.find(kind, id) ?? []);
    const known = this.store.newestFirst(kind).map((object) => this.find(kind, object.id) ?? object);
    return [...made, ...known];
  }

  planOf(sessionId: string): SessionPlan {
    return this.sessionPlans[sessionId] ?? this.store.planOf(sessionId);
  }

  put<T extends StoredObject>(object: T): T {
    this.objects.set(object.id, object);
    return object;
  }

  /** The event shows the object as it is now. */
  tell(type: string, object: StoredObject): void {
    this.events.push({
      id: newId('evt'),
      object: 'event',
      api_version: STRIPE_API_VERSION,
      created: nowSeconds(),
      data: { object },
      livemode: false,
      request: this.cause,
      type,
    });
  }
}
