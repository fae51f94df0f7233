import type { DomainEvent } from '../outbox/outbox.types.js';

/** Facts about bookings that others act upon. Payload: ids and the revision they tell of. */
export const BOOKING_TOPICS = [
  'booking.held',
  'booking.confirmed',
  'booking.rescheduled',
  'booking.cancelled',
  'booking.expired',
  'booking.completed',
  'booking.no_show',
] as const;
export type BookingTopic = (typeof BOOKING_TOPICS)[number];

/** By whose wish it happened: messages that answer the customer's own action may go out at night. */
export type Initiator = 'customer' | 'salon';

/** Something happened to a booking; the same fact of the same revision is told once. */
export function bookingFact(
  topic: BookingTopic,
  booking: { id: string; revision: number },
  by: Initiator,
  more: Readonly<Record<string, string | number | boolean>> = {},
): DomainEvent {
  return {
    topic,
    payload: { bookingId: booking.id, revision: booking.revision, by, ...more },
    dedupeKey: `${topic}:${booking.id}:${booking.revision}`,
  };
}
