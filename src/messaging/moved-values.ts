import type { Receipt } from './channel.port.js';
import { isFinalState, isTakenState, statesBefore } from './rules/status-rank.js';

/** The first six parameters of the statements that lead a message on. */
export function movedTo(messageId: string, { providerId, state }: Receipt): readonly unknown[] {
  return [messageId, providerId, state, statesBefore(state), isTakenState(state), isFinalState(state)];
}
