import type { DomainEvent } from '../outbox/outbox.types.js';

/** What this module tells of. */
export const CUSTOMER_TOPICS = ['customer.changed'] as const;

/** A customer is called, reached or minded otherwise than before; what was written of them elsewhere follows. */
export function customerChanged(customerId: string): DomainEvent {
  return { topic: 'customer.changed', payload: { customerId } };
}
