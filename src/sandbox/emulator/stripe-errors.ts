import type { HttpAnswer } from './http-call.js';
import type { StoredIntent } from './stripe-objects.js';

type ErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

/** Stripe's error object, as far as the emulator fills it. */
export interface StripeErrorBody {
  type: ErrorType;
  code?: string;
  decline_code?: string;
  param?: string;
  message: string;
  charge?: string;
  doc_url?: string;
  /** The whole object, so that a client need not fetch it to know its state. */
  payment_intent?: StoredIntent;
}

/** Ends a request with one of Stripe's errors. */
export class StripeRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
  ) {
    super(body.message);
  }

  /** The payment it is about, whole. */
  get intent(): StoredIntent | undefined {
    return this.body.payment_intent;
  }

  get answer(): HttpAnswer {
    const { code } = this.body;
    const error = code === undefined ? this.body : { ...this.body, doc_url: docOf(code) };
    return { status: this.status, json: { error } };
  }
}

function docOf(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;
}

/** A request that can never work as it is. */
export function invalid(message: string, detail: { code?: string; param?: string } = {}): StripeRefusal {
  return new StripeRefusal(400, { type: 'invalid_request_error', message, ...detail });
}

export function unknownParameter(param: string): StripeRefusal {
  return invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
}

export function missingParameter(param: string): StripeRefusal {
  return invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** There is no such object; `param` is the parameter that named it. */
export function missingResource(kind: string, id: string, param: string): StripeRefusal {
  const message = `No such ${kind}: '${id}'`;
  return new StripeRefusal(404, { type: 'invalid_request_error', code: 'resource_missing', param, message });
}

/** Without a key that is ours. */
export function unauthorized(message: string): StripeRefusal {
  return new StripeRefusal(401, { type: 'invalid_request_error', message });
}

/** The route exists at Stripe perhaps, but not here. */
export function unknownRoute(method: string, path: string): StripeRefusal {
  return new StripeRefusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}).`,
  });
}

/** Two requests with one idempotency key at the same time. */
export function keyInUse(key: string): StripeRefusal {
  return new StripeRefusal(409, {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key: ${key}.`,
  });
}

/** One idempotency key for two different requests. */
export function keyReused(key: string): StripeRefusal {
  return new StripeRefusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}'.`,
  });
}

const SIMULATED: Record<number, StripeErrorBody> = {
  401: { type: 'invalid_request_error', message: 'Invalid API Key provided (simulated)' },
  402: {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined (simulated).',
  },
  404: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object (simulated)' },
  409: { type: 'invalid_request_error', code: 'lock_timeout', message: 'Object locked (simulated)' },
  429: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests (simulated)' },
};

/** Stripe's error body for any status a fault asks for. */
export function refuseWith(status: number): HttpAnswer {
  const type = status >= 500 ? 'api_error' : 'invalid_request_error';
  const body = SIMULATED[status] ?? { type, message: `Simulated failure ${status}` };
  return new StripeRefusal(status, body).answer;
}
