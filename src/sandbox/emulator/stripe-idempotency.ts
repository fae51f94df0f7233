import { createHash } from 'node:crypto';
import type { HttpCall } from './http-call.js';
import { invalid, keyInUse, keyReused } from './stripe-errors.js';
import type { SavedAnswer, StripeStore } from './stripe-store.js';

const LONGEST_KEY = 255;

/** A request under an idempotency key. */
export interface KeyedRequest {
  owner: string;
  fingerprint: string;
}

/** Gives the same answer to the same key; two at once are one too many. Keys of one API key mean nothing to another. */
export class StripeIdempotency {
  private readonly inProgress = new Set<string>();

  constructor(private readonly store: StripeStore) {}

  /** Runs the work unless its answer is known already; the work itself keeps its answer with what it changes. */
  async once<T>(
    apiKey: string,
    call: HttpCall,
    key: string,
    work: (request: KeyedRequest) => Promise<T>,
  ): Promise<T | SavedAnswer> {
    if (key.length > LONGEST_KEY) throw invalid(`Idempotency keys have at most ${LONGEST_KEY} characters.`);
    const request = { owner: `${apiKey} ${key}`, fingerprint: fingerprintOf(call) };
    const saved = this.store.savedAnswer(request.owner);
    if (saved) {
      if (saved.fingerprint !== request.fingerprint) throw keyReused(key);
      return saved;
    }
    if (this.inProgress.has(request.owner)) throw keyInUse(key);
    this.inProgress.add(request.owner);
    try {
      return await work(request);
    } finally {
      this.inProgress.delete(request.owner);
    }
  }
}

/** The order of the parameters is no difference. */
function fingerprintOf({ method, path, body }: HttpCall): string {
  const form = new URLSearchParams(body);
  form.sort();
  return createHash('sha256').update(`${method} ${path}\n${form.toString()}`).digest('hex');
}
