import { defineEntity, p } from '@mikro-orm/core';
import { Booking } from '../../bookings/entities/booking.entity.js';
import { Calendar } from './calendar.entity.js';

const CalendarLinkSchema = defineEntity({
  name: 'CalendarLink',
  properties: {
    bookingId: () => p.manyToOne(Booking).mapToPk().joinColumn('booking_id').primary().deleteRule('cascade'),
    calendarId: () =>
      p.manyToOne(Calendar).mapToPk().joinColumn('calendar_id').primary().deleteRule('cascade'),
    eventId: p.string().length(100),
    etag: p.string().length(100).nullable(),
    /** Of what the event says, as it was last written; null while a write is under way or its end unknown. */
    syncedHash: p.string().length(43).nullable(),
    /** The booking's version that was last looked at. */
    bookingVersion: p.integer().default(0),
    /** Staff want no event for it here. */
    suppressed: p.boolean().default(false),
    /** Who writes just now, so that no two do, and until when (real time) they are believed to. */
    claim: p.uuid().nullable(),
    claimedUntil: p.datetime().nullable(),
    syncedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'calendar_link_unknown',
      expression:
        'create index calendar_link_unknown on calendar_link (booking_id) where synced_hash is null',
    },
    {
      name: 'calendar_link_one_event_each',
      expression: 'create unique index calendar_link_one_event_each on calendar_link (calendar_id, event_id)',
    },
  ],
  checks: [
    { name: 'calendar_link_event_id_is_base32hex', expression: `event_id ~ '^[a-v0-9]{5,100}$'` },
    {
      name: 'calendar_link_claim_ends',
      expression: '(claim is null) = (claimed_until is null)',
    },
  ],
});

/** The event of a booking in a calendar: what was last written there. */
export class CalendarLink extends CalendarLinkSchema.class {}
CalendarLinkSchema.setClass(CalendarLink);
