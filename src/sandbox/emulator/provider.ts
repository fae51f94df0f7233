import type { Fault, ProviderName } from './faults.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { JournalEntry } from './journal.js';

/** Narrows what `/__state` shows. */
export interface StateFilter {
  /** Only what went to this recipient. */
  to?: string;
  /** Only what was accepted after this journal line. */
  since: number;
}

/** An extra control route of one provider, such as "a customer sends a text". */
export type ControlHandler = (call: HttpCall) => HttpAnswer | Promise<HttpAnswer>;

/** One emulated service. Its state is a fold of the journal, so that a restart loses nothing. */
export interface Provider {
  readonly name: ProviderName;
  /** Keyed by `METHOD /__path`. */
  readonly controls: Record<string, ControlHandler>;
  /** Called for every line at start, in order; lines of others are to be ignored. */
  replay(entry: JournalEntry): void;
  /** Called once after the replay: takes up what was under way. */
  resume(): void;
  snapshot(filter: StateFilter): Record<string, unknown>;
  /** Forgets everything and stops what is under way. */
  reset(): void;
}

/** A provider that is called over HTTP. */
export interface HttpProvider extends Provider {
  owns(path: string): boolean;
  /** For fault rules that name a recipient. */
  recipientOf(call: HttpCall): string | undefined;
  /** Does the work and journals it before it returns; `fault` carries what shall go wrong later on. */
  handle(call: HttpCall, fault: Fault | undefined): HttpAnswer | Promise<HttpAnswer>;
  /** The provider's own error format for a fault with a status. */
  refusal(status: number, fault: Fault): HttpAnswer;
}
