import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';
import type { BookingState } from './booking-state.types.js';
import { Booking } from './booking.entity.js';

export const BOOKING_EVENT_TYPES = [
  'held',
  'confirmed',
  'rescheduled',
  'cancelled',
  'expired',
  'completed',
  'no_show',
  'corrected',
  'payment_waived',
  'attendance_confirmed',
  'price_changed',
] as const;
export type BookingEventType = (typeof BOOKING_EVENT_TYPES)[number];

const BookingEventSchema = defineEntity({
  name: 'BookingEvent',
  ...ownRows('booking_event_own_rows', { customer: 'customer_id', booking: 'booking_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    bookingId: () => p.manyToOne(Booking).mapToPk().joinColumn('booking_id').deleteRule('restrict'),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    revision: p.integer(),
    type: p.enum(BOOKING_EVENT_TYPES),
    actorKind: p.string().length(20),
    actorId: p.uuid().nullable(),
    at: p.datetime(),
    before: p.json<BookingState | null>().nullable(),
    after: p.json<BookingState>(),
  },
  indexes: [
    { name: 'booking_event_history', properties: ['bookingId', 'at'] },
    { name: 'booking_event_customer', properties: ['customerId', 'at'] },
    { name: 'booking_event_day', properties: ['at'] },
  ],
  checks: [
    {
      name: 'booking_event_price_change_says_all',
      expression: `type <> 'price_changed' or (before ->> 'totalMinor' is not null and after ->> 'totalMinor' is not null and after ->> 'reason' is not null)`,
    },
  ],
});

/** One transition of one booking: audit trail, source of statistics, never updated. */
export class BookingEvent extends BookingEventSchema.class {}
BookingEventSchema.setClass(BookingEvent);
