import type { DomainEvent } from '../outbox/outbox.types.js';

export const PRIVACY_TOPICS = ['erasure.asked', 'erasure.due'] as const;

/** Somebody asked to be forgotten, or somebody pretends to be them: the contacts hear of it. */
export function erasureAsked(requestId: string, customerId: string): DomainEvent {
  return { topic: 'erasure.asked', payload: { requestId, customerId }, dedupeKey: requestId };
}

/** An order to forget, when the time to change one's mind is over. */
export function erasureDue(requestId: string, dueAt: Date): DomainEvent {
  return { topic: 'erasure.due', payload: { requestId }, dedupeKey: requestId, dueAt };
}
