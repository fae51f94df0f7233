import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { BookingMoves } from '../bookings/booking-moves.service.js';
import { BookingQueries } from '../bookings/booking-queries.service.js';
import { BookingsService } from '../bookings/bookings.service.js';
import type { StaffActor } from '../common/actor.js';
import { Conflict, FieldRefused, NotFound } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { Database } from '../database/database.service.js';
import { CalendarEvents } from './calendar-events.service.js';
import { CalendarConflict, type ConflictKind, type Resolution } from './entities/calendar-conflict.entity.js';

/** What a person may decide. */
export const CONFLICT_ACTIONS = ['apply', 'revert', 'cancel', 'restore', 'dismiss'] as const;
export type ConflictAction = (typeof CONFLICT_ACTIONS)[number];

/** What may be decided about which conflict, and how it has ended then. */
const ENDS: Readonly<Record<ConflictKind, Partial<Record<ConflictAction, Resolution>>>> = {
  moved: { apply: 'applied', revert: 'reverted' },
  deleted: { cancel: 'cancelled', restore: 'restored' },
  overlap: { dismiss: 'dismissed' },
};
const WHY_CANCELLED = 'Its event was deleted in the calendar.';

/** Where calendars and bookings disagree, and a person decides. */
@Injectable()
export class CalendarConflicts {
  constructor(
    private readonly database: Database,
    private readonly events: CalendarEvents,
    private readonly bookings: BookingsService,
    private readonly moves: BookingMoves,
    private readonly queries: BookingQueries,
    private readonly audit: AuditLog,
  ) {}

  /** Newest first; reads one row more than the page shows. */
  async list(actor: StaffActor, query: PageQuery, isOpen: boolean | null): Promise<CalendarConflict[]> {
    const state = isOpen === null ? {} : { resolution: isOpen ? null : { $ne: null } };
    return this.database.transact(actor, (em) =>
      em.find(
        CalendarConflict,
        { $and: [state, beyond('createdAt', readCursor(query), 'desc')] },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      ),
    );
  }

  /** Does what was decided, then closes the card; what the booking refuses is refused here too, and the card stays open. */
  async resolve(actor: StaffActor, id: string, action: ConflictAction): Promise<CalendarConflict> {
    const conflict = await this.database.transact(actor, (em) => em.findOne(CalendarConflict, { id }));
    if (!conflict) throw new NotFound();
    const resolution = ENDS[conflict.kind][action];
    if (!resolution)
      throw new FieldRefused(
        '/action',
        'not-for-this-kind',
        `a conflict of the kind ${conflict.kind} has no ${action}`,
      );
    if (conflict.resolution) throw new Conflict('The conflict is resolved already.');
    await this.act(actor, conflict, action);
    return this.database.transact(actor, async (em, now) => {
      const open = await em.findOneOrFail(CalendarConflict, { id }, { refresh: true });
      if (!open.resolution) Object.assign(open, { resolution, resolvedAt: now, resolvedBy: actor.accountId });
      const entry = {
        action: 'calendar.conflict-resolved',
        subjectKind: 'booking',
        subjectId: open.bookingId,
      };
      await this.audit.record(em, actor, { ...entry, details: { kind: open.kind, resolution } });
      return open;
    });
  }

  private async act(
    actor: StaffActor,
    { bookingId, startsAt }: CalendarConflict,
    action: ConflictAction,
  ): Promise<void> {
    if (action === 'cancel')
      await this.bookings.cancelAsStaff(
        actor,
        bookingId,
        { reason: WHY_CANCELLED, onBehalfOf: 'salon' },
        null,
      );
    if (action === 'restore' || action === 'revert') await this.events.update(actor, bookingId);
    if (action !== 'apply' || !startsAt) return;
    const { resourceId } = await this.queries.get(actor, bookingId);
    await this.moves.moveAsStaff(actor, bookingId, { start: startsAt, staffId: resourceId }, null);
  }
}
