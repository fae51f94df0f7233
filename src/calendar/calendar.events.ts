import { newId } from '../common/ids.js';
import type { DomainEvent } from '../outbox/outbox.types.js';

/** An order: make a booking's event say what the booking is. */
export function calendarReconcile(bookingId: string): DomainEvent {
  return { topic: 'calendar.reconcile', payload: { bookingId }, dedupeKey: `${bookingId}:${newId()}` };
}
