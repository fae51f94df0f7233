import { newId } from '../common/ids.js';
import type { DomainEvent } from '../outbox/outbox.types.js';

/** An order: make a booking's event say what the booking is. */
export function calendarReconcile(bookingId: string): DomainEvent {
  return { topic: 'calendar.reconcile', payload: { bookingId }, dedupeKey: `${bookingId}:${newId()}` };
}

/** An order: read what changed in a calendar. */
export function calendarSync(calendarId: string): DomainEvent {
  return { topic: 'calendar.sync', payload: { calendarId }, dedupeKey: `${calendarId}:${newId()}` };
}

/** An order: look at a booking's event, which does not seem to stand as we wrote it. */
export function calendarLook(bookingId: string, calendarId: string): DomainEvent {
  return {
    topic: 'calendar.look',
    payload: { bookingId, calendarId },
    dedupeKey: `${bookingId}:${calendarId}:${newId()}`,
  };
}

/** What a salon has to hear of. */
export const CALENDAR_TOPICS = ['calendar.broken', 'calendar.conflict'] as const;

/** An account takes us in no more; told once for each time that happens. */
export function calendarBroken(connectionId: string): DomainEvent {
  return { topic: 'calendar.broken', payload: { connectionId } };
}

/** Calendar and booking disagree; told once for each card. */
export function calendarConflict(bookingId: string, conflictId: string): DomainEvent {
  return { topic: 'calendar.conflict', payload: { bookingId, conflictId }, dedupeKey: conflictId };
}
