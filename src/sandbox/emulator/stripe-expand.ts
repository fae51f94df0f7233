import { invalid } from './stripe-errors.js';
import type { StripeChange } from './stripe-change.js';

const DEEPEST = 4;

type Json = Record<string, unknown>;

/** Puts objects in the place of their ids, as `expand[]` asks: `latest_charge`, `data.charge`, `payment_intent.latest_charge`. */
export function expanded(answer: object, paths: readonly string[], change: StripeChange): object {
  // Copied, because what is answered must not be what is kept.
  const copy: unknown = structuredClone(answer);
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > DEEPEST)
      throw invalid(`You cannot expand more than ${DEEPEST} levels: ${path}`, WHERE);
    walk(copy, steps, path, change);
  }
  // A copy of an object is one.
  return copy as object;
}

const WHERE = { param: 'expand' };

function walk(at: unknown, steps: readonly string[], path: string, change: StripeChange): void {
  const [step, ...rest] = steps;
  if (step === undefined || at === null) return;
  if (Array.isArray(at)) {
    for (const item of at) walk(item, steps, path, change);
    return;
  }
  if (!isJson(at)) throw invalid(`This property cannot be expanded (${path}).`, WHERE);
  if (step === 'data' && at['object'] === 'list') return walk(at['data'], rest, path, change);
  at[step] = grown(at, step, path, change);
  walk(at[step], rest, path, change);
}

/** The value with the object in the place of its id; lists that are only there when asked for are made. */
function grown(at: Json, step: string, path: string, change: StripeChange): unknown {
  const value = at[step];
  if (at['object'] === 'charge' && step === 'refunds') {
    const refunds = change.all('refund').filter((refund) => refund.charge === at['id']);
    return {
      object: 'list',
      data: structuredClone(refunds),
      has_more: false,
      url: `/v1/charges/${String(at['id'])}/refunds`,
    };
  }
  if (at['object'] === 'checkout.session' && step === 'line_items') {
    const id = String(at['id']);
    return {
      object: 'list',
      data: change.planOf(id).lines,
      has_more: false,
      url: `/v1/checkout/sessions/${id}/line_items`,
    };
  }
  if (!EXPANDABLE.includes(step) || value === undefined) {
    throw invalid(`This property cannot be expanded (${path}).`, WHERE);
  }
  return typeof value === 'string' ? structuredClone(objectOf(step, value, change) ?? value) : value;
}

const EXPANDABLE = ['latest_charge', 'charge', 'payment_intent'];

function objectOf(step: string, id: string, change: StripeChange): object | undefined {
  return step === 'payment_intent' ? change.find('payment_intent', id) : change.find('charge', id);
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
