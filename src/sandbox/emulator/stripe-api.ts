import type { Fault } from './faults.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import { callerOf, type StripeCaller } from './stripe-access.js';
import { StripeChange } from './stripe-change.js';
import { invalid, StripeRefusal, refuseWith, unknownRoute } from './stripe-errors.js';
import { expanded } from './stripe-expand.js';
import { FormUnreadable, parseForm, type FormObject } from './stripe-form.js';
import type { KeyedRequest } from './stripe-idempotency.js';
import {
  cancelIntent,
  checkClientSecret,
  confirmIntent,
  createIntent,
  needIntent,
  updateIntent,
} from './stripe-intent-api.js';
import { browserView } from './stripe-intent.js';
import { StripeParams } from './stripe-params.js';
import { account, balance, endpoints, readCollection, readEvents } from './stripe-reads.js';
import { createRefund, updateRefund } from './stripe-refunds.js';
import { REFUSED_AFTER_WORK, type StripeOperation } from './stripe-request.js';
import { createSession, expireNow } from './stripe-session-api.js';
import type { SavedAnswer } from './stripe-store.js';
import type { StripeWorld } from './stripe-world.js';

const ROUTE =
  /^\/v1\/(payment_intents|charges|refunds|disputes|events|balance|account|webhook_endpoints|checkout\/sessions)(?:\/([^/]+))?(?:\/([^/]+))?$/;

const OPERATIONS: Record<string, StripeOperation> = {
  'POST payment_intents': createIntent,
  'POST payment_intents/:id': updateIntent,
  'POST payment_intents/:id/confirm': confirmIntent,
  'POST payment_intents/:id/cancel': cancelIntent,
  'POST refunds': createRefund,
  'POST refunds/:id': updateRefund,
  'POST checkout/sessions': createSession,
  'POST checkout/sessions/:id/expire': expireNow,
};

/** An API call, understood as far as it takes to let it in. */
export interface AdmittedCall {
  call: HttpCall;
  caller: StripeCaller;
  route: string;
  collection: string;
  id: string;
  form: FormObject;
}

/** Reads the route, the parameters and the key; throws `StripeRefusal`. */
export function admit(call: HttpCall): AdmittedCall {
  const [, collection = '', id = '', verb = ''] = ROUTE.exec(call.path) ?? [];
  const route = `${call.method} ${collection}${id && '/:id'}${verb && `/${verb}`}`;
  const form = readForm(call);
  const caller = callerOf(call, form, route);
  const isRead = call.method === 'GET' && collection !== '' && verb === '';
  if (!isRead && !Object.hasOwn(OPERATIONS, route)) throw unknownRoute(call.method, call.path);
  return { call, caller, route, collection, id, form };
}

/**
 * Does what an admitted call asks. What it changes and, for a call with a key, the answer become true in one step; a refusal
 * before the work changes nothing and is not kept.
 */
export function perform(
  world: StripeWorld,
  admitted: AdmittedCall,
  context: {
    requestId: string;
    idempotencyKey: string | null;
    keyed: KeyedRequest | null;
    fault: Fault | undefined;
  },
): HttpAnswer {
  const { requestId, keyed, fault } = context;
  const change = new StripeChange(world.store, { id: requestId, idempotency_key: context.idempotencyKey });
  let answer: HttpAnswer;
  try {
    answer = { status: 200, json: resultOf(world, admitted, change, fault) };
  } catch (error) {
    if (!(error instanceof StripeRefusal) || error.status !== REFUSED_AFTER_WORK) throw error;
    answer = shownTo(admitted.caller, error);
  }
  if (fault?.afterWork && fault.status !== undefined) answer = refuseWith(fault.status);
  const saved: SavedAnswer | null = keyed && {
    ...keyed,
    status: answer.status,
    json: answer.json,
    requestId,
  };
  world.commit(change, saved);
  return answer;
}

function resultOf(
  world: StripeWorld,
  { call, caller, route, collection, id, form }: AdmittedCall,
  change: StripeChange,
  fault: Fault | undefined,
): object {
  const params = new StripeParams(form);
  const paths = params.texts('expand');
  const operation = Object.hasOwn(OPERATIONS, route) ? OPERATIONS[route] : undefined;
  if (operation) {
    const result = operation({ params, id, change, fault, base: `http://${call.headers.host ?? ''}` });
    if (caller === 'browser' && result.object === 'payment_intent') return browserView(result);
    return expanded(result, paths, change);
  }
  if (collection === 'payment_intents' && id !== '') {
    const intent = needIntent(change, id);
    checkClientSecret(params, intent);
    if (caller === 'browser') return browserView(intent);
  }
  if (collection === 'balance') return balance(world.store);
  if (collection === 'account') return account();
  if (collection === 'webhook_endpoints') return endpoints(world.settings);
  const read =
    collection === 'events'
      ? readEvents(id, params, world.store)
      : readCollection(collection, id, params, change);
  if (!read) throw unknownRoute(call.method, call.path);
  return expanded(read, paths, change);
}

/** The payment in a decline is shown to the browser as everywhere else. */
function shownTo(caller: StripeCaller, refusal: StripeRefusal): HttpAnswer {
  const { answer, intent } = refusal;
  if (caller === 'server' || !intent) return answer;
  return { ...answer, json: { error: { ...refusal.body, payment_intent: browserView(intent) } } };
}

function readForm(call: HttpCall): FormObject {
  try {
    return parseForm(call.method === 'GET' ? call.query.toString() : call.body);
  } catch (error) {
    if (error instanceof FormUnreadable) throw invalid(error.message, { param: error.param });
    throw error;
  }
}
