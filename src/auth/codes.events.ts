import type { DomainEvent } from '../outbox/outbox.types.js';

/** What this module tells of codes and contacts; messages follow from it. */
export const CODE_TOPICS = ['code.asked', 'contact.changed', 'contact.joined', 'contact.verified'] as const;

/** An order to send the code of a challenge; of no use once that is over. */
export function codeAsked(codeId: string): DomainEvent {
  return { topic: 'code.asked', payload: { codeId }, dedupeKey: codeId };
}

/** Another contact took the place of the one the challenge names. */
export function contactChanged(codeId: string, customerId: string): DomainEvent {
  return { topic: 'contact.changed', payload: { codeId, customerId }, dedupeKey: codeId };
}

/** A guest's bookings were given to the customer who proved one of the guest's contacts; the other contact hears of it. */
export function contactJoined(guestId: string): DomainEvent {
  return { topic: 'contact.joined', payload: { guestId }, dedupeKey: guestId };
}

/** A customer proved a contact for the first time. */
export function contactVerified(customerId: string, channel: 'sms' | 'email'): DomainEvent {
  return {
    topic: 'contact.verified',
    payload: { customerId, channel },
    dedupeKey: `${customerId}:${channel}`,
  };
}
