import { Out } from '../../common/fields/response.fields.js';
import {
  CONFLICT_KINDS,
  RESOLUTIONS,
  type CalendarConflict,
  type ConflictKind,
  type Resolution,
} from '../entities/calendar-conflict.entity.js';

/** A calendar and a booking that say different things. */
export class CalendarConflictResponse {
  @Out.id() id!: string;
  @Out.id() bookingId!: string;
  @Out.oneOf(CONFLICT_KINDS, {
    description: 'Our event was moved or deleted, or something else lies over the booking',
  })
  kind!: ConflictKind;
  @Out.instant({ nullable: true, description: 'When the calendar wants it, or what lies over it begins' })
  start!: string | null;
  @Out.instant({ nullable: true }) end!: string | null;
  @Out.text({ nullable: true, description: 'Why a move was not followed', example: 'slot-unavailable' })
  reason!: string | null;
  @Out.instant() createdAt!: string;
  @Out.oneOf(RESOLUTIONS, { nullable: true, description: 'How it ended; null while it is open' })
  resolution!: Resolution | null;
  @Out.instant({ nullable: true }) resolvedAt!: string | null;
  @Out.id({ nullable: true, description: 'The account of who decided; null for the policy' })
  resolvedBy!: string | null;

  static from(this: void, conflict: CalendarConflict): CalendarConflictResponse {
    const { id, bookingId, kind, createdAt } = conflict;
    return {
      ...{ id, bookingId, kind },
      start: conflict.startsAt?.toISOString() ?? null,
      end: conflict.endsAt?.toISOString() ?? null,
      reason: conflict.reason ?? null,
      createdAt: createdAt.toISOString(),
      resolution: conflict.resolution ?? null,
      resolvedAt: conflict.resolvedAt?.toISOString() ?? null,
      resolvedBy: conflict.resolvedBy ?? null,
    };
  }
}
