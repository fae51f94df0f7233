import type { Journal, JournalEntry } from './journal.js';
import type { SessionLine, StoredEvent, StoredObject } from './stripe-objects.js';

/** The kinds of objects kept, by Stripe's own names. */
export type KindOf = StoredObject['object'];
export type ObjectOf<K extends KindOf> = Extract<StoredObject, { object: K }>;

/** What a session knows and does not show: what it sells, and what its payment will be told. */
export interface SessionPlan {
  lines: SessionLine[];
  paymentMetadata: Record<string, string>;
  paymentDescription: string | null;
}

/** How an event will be told; decided when it happens, so that a restart does not change it. */
export interface DeliveryPlan {
  copies: 1 | 2;
  /** null: as the settings say at that moment. */
  delayMs: number | null;
  /** Kept until the next event was told. */
  isHeld: boolean;
  isDropped: boolean;
  /** `forged` and `stale` ones are tried once: nobody's attack is retried by Stripe. */
  signature: 'genuine' | 'forged' | 'stale';
}

/** An event with how it is told (null: nobody was listening), and how far that is. */
export interface EventRecord {
  seq: number;
  event: StoredEvent;
  plan: DeliveryPlan | null;
  attempts: number;
  isDelivered: boolean;
}

/** The first answer to an idempotency key, for the next 24 hours. */
export interface SavedAnswer {
  /** API key and idempotency key. */
  owner: string;
  fingerprint: string;
  status: number;
  json: unknown;
  requestId: string;
}

interface ChangeData {
  objects: StoredObject[];
  sessionPlans: Record<string, SessionPlan>;
  events: { event: StoredEvent; plan: DeliveryPlan | null }[];
  saved: SavedAnswer | null;
}

/** What a change brings; see `StripeChange`. */
export interface ChangeContent {
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly sessionPlans: Record<string, SessionPlan>;
  readonly events: readonly StoredEvent[];
}

/** Everything that can happen to the state; each is one line of the journal. */
type StripeFact =
  | { kind: 'stripe.change'; data: ChangeData }
  | { kind: 'stripe.delivery'; data: { event: string; httpStatus: number | null; error: string | null } }
  | { kind: 'stripe.redelivery'; data: { event: string } };

/** An object with the line and the instant it was made at. */
export interface ObjectRecord<T extends StoredObject = StoredObject> {
  seq: number;
  at: string;
  object: T;
}

/** How long an idempotency key is remembered. */
const KEY_LIFE_MS = 24 * 3_600_000;

/** Tells whether Stripe counts the answer of an endpoint as delivered. */
export function isSuccess(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}

/** Everything Stripe knows, as a fold of the journal: live and replayed facts take the same path. */
export class StripeStore {
  private readonly objects = new Map<string, ObjectRecord>();
  private readonly plans = new Map<string, SessionPlan>();
  private readonly events = new Map<string, EventRecord>();
  private readonly answers = new Map<string, SavedAnswer & { at: string }>();

  constructor(private readonly journal: Journal) {}

  /** Written down first, then true. */
  commit(change: ChangeContent, plans: readonly (DeliveryPlan | null)[], saved: SavedAnswer | null): void {
    const events = change.events.map((event, index) => ({ event, plan: plans[index] ?? null }));
    const objects = [...change.objects.values()];
    this.record({
      kind: 'stripe.change',
      data: { objects, sessionPlans: change.sessionPlans, events, saved },
    });
  }

  recordDelivery(event: string, httpStatus: number | null, error: string | null): void {
    this.record({ kind: 'stripe.delivery', data: { event, httpStatus, error } });
  }

  recordRedelivery(event: string): void {
    this.record({ kind: 'stripe.redelivery', data: { event } });
  }

  replay(entry: JournalEntry): void {
    // Lines of these kinds are written by `record` alone.
    if (entry.kind.startsWith('stripe.')) this.apply(entry as JournalEntry & StripeFact, entry.seq, entry.at);
  }

  find<K extends KindOf>(kind: K, id: string): ObjectOf<K> | undefined {
    const object = this.objects.get(id)?.object;
    // The kind is what tells the objects apart.
    return object?.object === kind ? (object as ObjectOf<K>) : undefined;
  }

  newestFirst<K extends KindOf>(kind: K): ObjectOf<K>[] {
    return this.recordsOf(kind).map((record) => record.object);
  }

  recordsOf<K extends KindOf>(kind: K): ObjectRecord<ObjectOf<K>>[] {
    const all = [...this.objects.values()].reverse();
    // The kind is what tells the objects apart.
    return all.filter((record): record is ObjectRecord<ObjectOf<K>> => record.object.object === kind);
  }

  /** Throws when there is none: for sessions that exist. */
  planOf(sessionId: string): SessionPlan {
    const plan = this.plans.get(sessionId);
    if (!plan) throw new Error(`no plan of session ${sessionId}`);
    return plan;
  }

  findEvent(id: string): EventRecord | undefined {
    return this.events.get(id);
  }

  eventsNewestFirst(): EventRecord[] {
    return [...this.events.values()].reverse();
  }

  savedAnswer(owner: string): SavedAnswer | undefined {
    const saved = this.answers.get(owner);
    return saved && Date.now() - Date.parse(saved.at) < KEY_LIFE_MS ? saved : undefined;
  }

  clear(): void {
    for (const part of [this.objects, this.plans, this.events, this.answers]) part.clear();
  }

  private record(fact: StripeFact): void {
    const { seq, at } = this.journal.append(fact.kind, fact.data);
    this.apply(fact, seq, at);
  }

  private apply(fact: StripeFact, seq: number, at: string): void {
    if (fact.kind === 'stripe.change') {
      this.applyChange(fact.data, seq, at);
      return;
    }
    const record = this.events.get(fact.data.event);
    if (!record) return;
    if (fact.kind === 'stripe.redelivery') {
      record.plan = GENUINE;
      record.attempts = 0;
    } else {
      record.attempts += 1;
      record.isDelivered ||= isSuccess(fact.data.httpStatus);
    }
  }

  private applyChange(data: ChangeData, seq: number, at: string): void {
    for (const object of data.objects) {
      const known = this.objects.get(object.id);
      this.objects.set(object.id, known ? { ...known, object } : { seq, at, object });
    }
    for (const [id, plan] of Object.entries(data.sessionPlans)) this.plans.set(id, plan);
    for (const { event, plan } of data.events) {
      this.events.set(event.id, { seq, event, plan, attempts: 0, isDelivered: false });
    }
    if (data.saved) this.answers.set(data.saved.owner, { ...data.saved, at });
  }
}

/** Told once, as Stripe does on a good day. */
export const GENUINE: DeliveryPlan = {
  copies: 1,
  delayMs: null,
  isHeld: false,
  isDropped: false,
  signature: 'genuine',
};
