import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BookingMoves } from '../bookings/booking-moves.service.js';
import { BookingsService } from '../bookings/bookings.service.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { BusinessService } from '../business/business.service.js';
import type { CalendarDeletions, CalendarMoves } from '../business/entities/business.entity.js';
import { WORKER } from '../common/actor.js';
import { DomainError, Unavailable } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { CalendarAccounts, type CalendarRow } from './calendar-accounts.service.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';
import { calendarConflict } from './calendar.events.js';
import { CalendarFailure, CalendarGateway, type EventTruth } from './calendar.gateway.js';
import {
  CONFLICT_END,
  CONFLICT_LATEST,
  CONFLICT_OPEN,
  DELETED_LATELY,
  EVENT_TO_LOOK_AT,
} from './calendar-sync.sql.js';
import { orWait } from './patience.js';
import type { ConflictKind, Resolution } from './entities/calendar-conflict.entity.js';

/** More deletions than this within two minutes were a slip, or a calendar that was cleared: a person decides. */
const MOST_DELETIONS = 5;

interface LookRow extends CalendarRow {
  event_id: string;
  suppressed: boolean;
  busy: boolean;
}

interface Standing {
  booking: Pick<Booking, 'id' | 'status' | 'startsAt' | 'endsAt' | 'revision' | 'resourceId' | 'version'>;
  moves: CalendarMoves;
  deletions: CalendarDeletions;
  deletedLately: number;
  now: Date;
}

/** What is to become of an event that does not stand as we wrote it: the salon's policy decides, or a person. */
@Injectable()
export class CalendarDeciding {
  constructor(
    private readonly database: Database,
    private readonly gateway: CalendarGateway,
    private readonly accounts: CalendarAccounts,
    private readonly business: BusinessService,
    private readonly moves: BookingMoves,
    private readonly bookings: BookingsService,
    private readonly reconciling: CalendarReconciling,
    private readonly outbox: Outbox,
  ) {}

  /** Looks at the event as it is now and acts. Safe to repeat: what was done is not found again. Rejects with CalendarFailure. */
  async look(bookingId: string, calendarId: string): Promise<void> {
    const [row] = await this.database.transact(WORKER, (em) =>
      run<LookRow>(em, EVENT_TO_LOOK_AT, [bookingId, calendarId]),
    );
    const place = row ? this.accounts.placeOf(row) : null;
    if (!row || !place || row.suppressed) return;
    if (row.busy) orWait('busy');
    const truth = await this.gateway.get(place, row.event_id).catch(async (error: unknown) => {
      if (error instanceof CalendarFailure && error.kind === 'gone') return null;
      if (error instanceof CalendarFailure) await this.accounts.failed(row, error);
      throw error;
    });
    const standing = await this.database.transact(WORKER, (em, now) =>
      this.standing(em, now, bookingId, calendarId),
    );
    if (!standing || standing.booking.status !== 'confirmed') return this.end(bookingId, 'deleted', 'gone');
    if (!truth || truth.isCancelled) return this.deleted(standing);
    await this.end(bookingId, 'deleted', 'gone');
    return this.moved(standing, truth, calendarId);
  }

  private async standing(
    em: EntityManager,
    now: Date,
    bookingId: string,
    calendarId: string,
  ): Promise<Standing | null> {
    const booking = await em.findOne(Booking, bookingId, { refresh: true });
    const { calendarMoves: moves, calendarDeletions: deletions } = await this.business.get(em);
    const [lately] = await run<{ count: number }>(em, DELETED_LATELY, [calendarId]);
    return booking && { booking, moves, deletions, deletedLately: lately?.count ?? 0, now };
  }

  private async deleted({ booking, deletions, deletedLately, now }: Standing): Promise<void> {
    if (booking.endsAt <= now) return this.end(booking.id, 'deleted', 'gone');
    if (deletions === 'flag' || deletedLately > MOST_DELETIONS) return this.tell(booking.id, 'deleted');
    if (deletions === 'restore') {
      await this.putBack(booking.id);
      return this.end(booking.id, 'deleted', 'restored');
    }
    await this.bookings.cancelFromCalendar(WORKER, booking.id);
    await this.end(booking.id, 'deleted', 'cancelled');
  }

  private async moved(
    { booking, moves }: Standing,
    { during, written }: EventTruth,
    calendarId: string,
  ): Promise<void> {
    if (during && isAt(booking, during)) return this.end(booking.id, 'moved', 'gone');
    // Ours, and not yet written over: the booking's own change is on its way.
    if (during && written && isAt({ startsAt: written.start, endsAt: written.end }, during)) return;
    // What the salon or the customer did here since wins over what the calendar shows.
    if (!during || written?.revision !== booking.revision) return this.putBack(booking.id);
    await this.database.transact(WORKER, (em) =>
      run(em, CONFLICT_OPEN, [newId(), booking.id, calendarId, 'moved', during.start, during.end, null]),
    );
    if (moves === 'flag') return this.tell(booking.id, 'moved');
    const refusal = moves === 'apply' ? await this.follow(booking, during) : 'policy';
    if (refusal === null) return this.end(booking.id, 'moved', 'applied');
    await this.database.transact(WORKER, (em) =>
      run(em, CONFLICT_OPEN, [newId(), booking.id, calendarId, 'moved', during.start, during.end, refusal]),
    );
    await this.putBack(booking.id);
    await this.end(booking.id, 'moved', 'reverted');
    await this.tell(booking.id, 'moved');
  }

  /** Writes the event as the booking is; somebody who does that already, or a pause, is waited for. */
  private async putBack(bookingId: string): Promise<void> {
    orWait(await this.reconciling.reconcile(bookingId, true));
  }

  /** Null when the booking moved, else the code of the refusal. A stretched event is no move: a visit lasts as long as its service. */
  private async follow(
    booking: Standing['booking'],
    during: { start: Date; end: Date },
  ): Promise<string | null> {
    const lasts = booking.endsAt.getTime() - booking.startsAt.getTime();
    if (during.end.getTime() - during.start.getTime() !== lasts) return 'duration';
    try {
      const place = { start: during.start, staffId: booking.resourceId };
      await this.moves.moveFromCalendar(WORKER, booking.id, place, booking.version);
      return null;
    } catch (error) {
      // A database that is busy says nothing about the time.
      if (error instanceof DomainError && !(error instanceof Unavailable)) return error.code;
      throw error;
    }
  }

  /** The salon hears of it, once a card. */
  private async tell(bookingId: string, kind: ConflictKind): Promise<void> {
    await this.database.transact(WORKER, async (em) => {
      const [card] = await run<{ id: string }>(em, CONFLICT_LATEST, [bookingId, kind]);
      if (card) await this.outbox.add(em, calendarConflict(bookingId, card.id));
    });
  }

  private async end(bookingId: string, kind: ConflictKind, resolution: Resolution): Promise<void> {
    await this.database.transact(WORKER, (em) => run(em, CONFLICT_END, [bookingId, kind, resolution, null]));
  }
}

function isAt(
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
  during: { start: Date; end: Date },
): boolean {
  return startsAt.getTime() === during.start.getTime() && endsAt.getTime() === during.end.getTime();
}
