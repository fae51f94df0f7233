/** A message's life: ours until `unknown`, then the provider's words, then how it ended. */
export const MESSAGE_STATES = [
  'planned',
  'submitting',
  'unknown',
  'queued',
  'accepted',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'superseded',
  'expired',
  'cancelled',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

const RANK = { planned: 0, submitting: 1, unknown: 2, queued: 3, accepted: 4, sending: 5, sent: 6 } as const;
type OpenState = keyof typeof RANK;

const TAKEN = new Set<string>(['queued', 'accepted', 'sending', 'sent', 'delivered', 'undelivered']);

const isOpen = (state: MessageState): state is OpenState => Object.hasOwn(RANK, state);

/** Whether the message has ended; only a delivery receipt still changes it. */
export function isFinalState(state: MessageState): boolean {
  return !isOpen(state);
}

/**
 * Whether news of `to` changes a message that stands at `from`. Open states only move up their rank; an end stays the end,
 * except that a delivery receipt is proof and wins over every other one (reliability C8: "terminal unless delivered"). So
 * duplicates and disorder are harmless: callbacks with at most one of `failed` and `undelivered` among them, which is all a
 * provider sends for one message, end the same in any order; of these two, the first to come stays.
 *
 * `superseded` waits while an attempt is in flight; `expired` and `cancelled` are for what no provider is known to have.
 * Going back to `planned` for a retry is not news but the pipeline's own move, made when certainly nothing was sent.
 */
export function advances(from: MessageState, to: MessageState): boolean {
  if (from === 'delivered') return false;
  if (to === 'delivered') return true;
  if (!isOpen(from)) return false;
  if (isOpen(to)) return RANK[to] > RANK[from];
  if (to === 'superseded') return from !== 'submitting';
  if (to === 'expired' || to === 'cancelled') return from === 'planned' || from === 'unknown';
  return true;
}

/** The states that news of `to` changes, for statements. */
export function statesBefore(to: MessageState): MessageState[] {
  return MESSAGE_STATES.filter((from) => advances(from, to));
}

/** Whether a message that is there has been taken by the provider. */
export function isTakenState(state: string): boolean {
  return TAKEN.has(state);
}

/** The state after news of `to`: `to` where it advances, else unchanged. */
export function stateAfter(from: MessageState, to: MessageState): MessageState {
  return advances(from, to) ? to : from;
}
