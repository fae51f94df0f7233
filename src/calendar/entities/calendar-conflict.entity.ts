import { defineEntity, p } from '@mikro-orm/core';
import { Booking } from '../../bookings/entities/booking.entity.js';
import { newId } from '../../common/ids.js';
import { Calendar } from './calendar.entity.js';

/** `moved`, `deleted`: somebody did that to our event; `overlap`: something of their own lies over a booking. */
export const CONFLICT_KINDS = ['moved', 'deleted', 'overlap'] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

/** How it ended: by the policy at once, or by a person later. `gone`: it is no conflict any more. */
export const RESOLUTIONS = ['applied', 'reverted', 'cancelled', 'restored', 'dismissed', 'gone'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

const CalendarConflictSchema = defineEntity({
  name: 'CalendarConflict',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    bookingId: () => p.manyToOne(Booking).mapToPk().joinColumn('booking_id').deleteRule('cascade'),
    calendarId: () => p.manyToOne(Calendar).mapToPk().joinColumn('calendar_id').deleteRule('cascade'),
    kind: p.enum(CONFLICT_KINDS),
    /** When the calendar wants it, or what lies over it. */
    startsAt: p.datetime().nullable(),
    endsAt: p.datetime().nullable(),
    /** Why the policy could not be followed: the code of the refusal. */
    reason: p.string().length(80).nullable(),
    createdAt: p.datetime(),
    resolution: p.enum(RESOLUTIONS).nullable(),
    resolvedAt: p.datetime().nullable(),
    resolvedBy: p.uuid().nullable(),
  },
  indexes: [
    {
      name: 'calendar_conflict_one_open_each',
      expression:
        'create unique index calendar_conflict_one_open_each on calendar_conflict (booking_id, kind) where resolution is null',
    },
    { name: 'calendar_conflict_created', properties: ['createdAt', 'id'] },
  ],
  checks: [
    { name: 'calendar_conflict_end_tells_how', expression: '(resolution is null) = (resolved_at is null)' },
    {
      name: 'calendar_conflict_times_are_a_pair',
      expression: '(starts_at is null) = (ends_at is null) and (ends_at is null or ends_at > starts_at)',
    },
  ],
});

/** A calendar and a booking that say different things, for a person to sort out or to know of. */
export class CalendarConflict extends CalendarConflictSchema.class {}
CalendarConflictSchema.setClass(CalendarConflict);
