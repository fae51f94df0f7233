import type { Fault } from './faults.js';
import type { StripeChange } from './stripe-change.js';
import type { StripeParams } from './stripe-params.js';
import type { StoredObject } from './stripe-objects.js';

/** One API call, read and let in. */
export interface StripeRequest {
  params: StripeParams;
  /** Out of the path; empty where the path has none. */
  id: string;
  /** What the call does goes in here. */
  change: StripeChange;
  fault: Fault | undefined;
  /** Where the emulator was reached, for pages it links to. */
  base: string;
}

/** Does the work of one route and returns the object to answer with; throws `StripeRefusal`. */
export type StripeOperation = (request: StripeRequest) => StoredObject;

/** A refusal after the work: the change stands, and the answer is kept for the idempotency key. */
export const REFUSED_AFTER_WORK = 402;
