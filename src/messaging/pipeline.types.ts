import type { Effect } from '../outbox/outbox.types.js';
import type { OutgoingMessage } from './channel.port.js';
import type { MessageChannel } from './text/families.js';

/** The part of an outbox row that the pipeline needs; a test text sent while its caller waits has none behind it. */
export interface Ticket extends Pick<Effect, 'settle' | 'wasSettled' | 'postpone' | 'giveUp' | 'attempt'> {
  readonly id: string | null;
  readonly claimedAtMs: number | null;
}

/** For messages sent without the outbox: nothing to settle, nobody to come back. */
export const NO_TICKET: Ticket = {
  id: null,
  claimedAtMs: null,
  attempt: 1,
  settle: async () => undefined,
  wasSettled: () => undefined,
  postpone: async () => undefined,
  giveUp: async () => undefined,
};

/** An attempt that was committed and whose call is still to be made. */
export interface BegunAttempt {
  readonly attemptId: string;
  readonly channel: MessageChannel;
  readonly outgoing: OutgoingMessage;
  /** `performance.now()` when transaction A began. */
  readonly begunAtMs: number;
}

/** An attempt whose end nobody knows. */
export interface UnresolvedAttempt {
  readonly messageId: string;
  readonly attemptId: string;
  readonly channel: MessageChannel;
  readonly to: string;
  readonly bodyHash: string;
  readonly startedAt: Date;
}

/** A message that may have been sent already, as far as a database knows that was put back from a backup. */
export interface DoubtedMessage {
  readonly messageId: string;
  readonly channel: MessageChannel;
  readonly to: string;
  /** Real time from which on the backup may not know what was sent. */
  readonly since: Date;
}

/**
 * What transaction A leaves to do: nothing, wait for a better time, call the provider, or find out what an earlier call, or one
 * that was forgotten, did.
 */
export type BeginResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'parked'; readonly reason: string; readonly afterMs: number }
  | { readonly kind: 'begun'; readonly begun: BegunAttempt }
  | { readonly kind: 'unresolved'; readonly unresolved: UnresolvedAttempt }
  | { readonly kind: 'doubted'; readonly doubted: DoubtedMessage };
