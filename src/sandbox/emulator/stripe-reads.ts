import type { SandboxSettings } from './settings.js';
import type { StripeChange } from './stripe-change.js';
import { missingResource } from './stripe-errors.js';
import { createdFilter, LIST_PARAMS, pageOf } from './stripe-lists.js';
import { STRIPE_API_VERSION, type StoredObject } from './stripe-objects.js';
import type { StripeParams } from './stripe-params.js';
import type { EventRecord, KindOf, ObjectOf, StripeStore } from './stripe-store.js';

/** What can be fetched and listed: the kind of object, and what its lists can be narrowed by. */
const COLLECTIONS: Record<string, { kind: KindOf; filters: readonly string[] }> = {
  payment_intents: { kind: 'payment_intent', filters: [] },
  charges: { kind: 'charge', filters: ['payment_intent'] },
  refunds: { kind: 'refund', filters: ['payment_intent', 'charge'] },
  disputes: { kind: 'dispute', filters: ['payment_intent', 'charge'] },
  'checkout/sessions': { kind: 'checkout.session', filters: ['payment_intent', 'status'] },
};

/** Answers a GET of one object or of a list; undefined when there is no such collection. */
export function readCollection(
  collection: string,
  id: string,
  params: StripeParams,
  change: StripeChange,
): object | undefined {
  const found = COLLECTIONS[collection];
  if (!found) return undefined;
  const { kind, filters } = found;
  if (id !== '') {
    params.only('expand', ...(kind === 'payment_intent' ? ['client_secret', 'key'] : []));
    return change.find(kind, id) ?? notThere(kind, id);
  }
  params.only(...LIST_PARAMS, ...filters);
  const isCreated = createdFilter(params);
  const wanted = filters.map((name) => [name, params.text(name)] as const);
  const matching = change.all(kind).filter((object) => isCreated(object) && isWanted(object, wanted));
  return pageOf(matching, params, `/v1/${collection}`);
}

/** `GET /v1/events[/:id]`. `delivery_success=false`: those that somebody listens for and that have not arrived. */
export function readEvents(id: string, params: StripeParams, store: StripeStore): object {
  if (id !== '') {
    params.only('expand');
    const record = store.findEvent(id);
    return record ? eventResource(record) : notThere('event', id);
  }
  params.only(...LIST_PARAMS, 'type', 'types', 'delivery_success');
  const isCreated = createdFilter(params);
  const type = params.text('type');
  const types = params.texts('types');
  const hasArrived = params.flag('delivery_success');
  const events = store
    .eventsNewestFirst()
    .filter(
      (record) =>
        isCreated(record.event) &&
        (type === undefined || isOfType(record.event.type, type)) &&
        (types.length === 0 || types.includes(record.event.type)) &&
        (hasArrived === undefined || hasArrived === !isOutstanding(record)),
    );
  return pageOf(events.map(eventResource), params, '/v1/events');
}

/** What was taken less what was given back, by currency; fees and disputes are not played. */
export function balance(store: StripeStore): object {
  const sums = new Map<string, number>();
  for (const { currency, amount_captured, amount_refunded } of store.newestFirst('charge')) {
    sums.set(currency, (sums.get(currency) ?? 0) + amount_captured - amount_refunded);
  }
  const available = [...sums].map(([currency, amount]) => ({
    amount,
    currency,
    source_types: { card: amount },
  }));
  const pending = available.map(({ currency }) => ({ amount: 0, currency, source_types: { card: 0 } }));
  return { object: 'balance', available, pending, livemode: false };
}

/** The account whose keys these are: it can take money and is paid out. */
export function account(): object {
  return {
    ...{
      id: 'acct_sandbox',
      object: 'account',
      business_type: 'company',
      country: 'US',
      default_currency: 'usd',
    },
    ...{ charges_enabled: true, payouts_enabled: true, details_submitted: true, type: 'standard' },
  };
}

/** Who listens to its events: the application, once it has said where, and to all of them. */
export function endpoints({ stripeEndpoint }: SandboxSettings): object {
  const endpoint = {
    ...{ id: 'we_sandbox', object: 'webhook_endpoint', api_version: STRIPE_API_VERSION, url: stripeEndpoint },
    ...{ enabled_events: ['*'], status: 'enabled', livemode: false, metadata: {}, created: 0 },
  };
  const data = stripeEndpoint === null ? [] : [endpoint];
  return { object: 'list', url: '/v1/webhook_endpoints', has_more: false, data };
}

/** An event as the API shows it and as webhooks carry it. */
export function eventResource(record: EventRecord) {
  return { ...record.event, pending_webhooks: isOutstanding(record) ? 1 : 0 };
}

function isOutstanding({ plan, isDelivered }: EventRecord): boolean {
  return plan !== null && !isDelivered;
}

/** `charge.*` is every event of charges. */
function isOfType(type: string, wanted: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

function isWanted(object: StoredObject, wanted: readonly (readonly [string, string | undefined])[]): boolean {
  const fields = new Map<string, unknown>(Object.entries(object));
  return wanted.every(([name, value]) => value === undefined || fields.get(name) === value);
}

function notThere(kind: KindOf | 'event', id: string): ObjectOf<KindOf> {
  throw missingResource(kind, id, kind === 'payment_intent' ? 'intent' : 'id');
}
