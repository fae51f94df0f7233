import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { CustomerActor, GuestActor, SystemActor } from '../common/actor.js';
import { Forbidden, NotFound } from '../common/domain-error.js';
import { instantOfMinute } from '../common/time/zoned-time.js';
import { Database } from '../database/database.service.js';
import { Allocations } from '../scheduling/allocations.service.js';
import type { Salon } from '../scheduling/salon.types.js';
import { StartRefused, type StaffFit, type Wish } from '../scheduling/wish.types.js';
import { BookingChanges, type BookingActor, type MovingActor } from './booking-changes.service.js';
import { BookingQueries } from './booking-queries.service.js';
import type { BookingView } from './booking.view.js';
import { Booking } from './entities/booking.entity.js';
import { mayFill, visibleTo } from './booking.scope.js';

/** Where a booking should go; nobody named means whoever has it now, else anybody. */
export interface NewPlace {
  start: Date;
  staffId: string | null;
}

/** Moves bookings: the old time is given up and the new one taken in one transaction, or the customer keeps the old. */
@Injectable()
export class BookingMoves {
  constructor(
    private readonly database: Database,
    private readonly allocations: Allocations,
    private readonly changes: BookingChanges,
    private readonly queries: BookingQueries,
  ) {}

  /** The customer's own move, inside the window and at most as often as the deal allows. */
  async moveOwn(
    actor: CustomerActor | GuestActor,
    id: string,
    place: NewPlace,
    version: number | null,
  ): Promise<BookingView> {
    return this.move(actor, id, place, version);
  }

  /** Staff move at any time; opening hours and notice only warn them. */
  async moveAsStaff(
    actor: BookingActor,
    id: string,
    place: NewPlace,
    version: number | null,
  ): Promise<BookingView> {
    return this.move(actor, id, place, version);
  }

  /** The salon dragged its event in a calendar: as free as staff, unless the booking changed since it was looked at. */
  async moveFromCalendar(
    actor: SystemActor,
    id: string,
    place: NewPlace,
    version: number,
  ): Promise<BookingView> {
    return this.move(actor, id, place, version);
  }

  private async move(
    actor: MovingActor,
    id: string,
    place: NewPlace,
    version: number | null,
  ): Promise<BookingView> {
    const wish = await this.wishFor(actor, id, place);
    return this.allocations.claiming(wish, id, (salon) =>
      this.database.transact(actor, (em, now) => this.attempt(em, now, { actor, id, version, wish, salon })),
    );
  }

  /** Reads which service it is before anything is locked; the locked row is what counts afterwards. */
  private async wishFor(actor: MovingActor, id: string, place: NewPlace): Promise<Wish> {
    const booking = await this.database.transact(actor, (em) =>
      em.findOne(Booking, { $and: [{ id }, visibleTo(actor)] }),
    );
    if (!booking) throw new NotFound();
    const staffId = place.staffId ?? booking.resourceId;
    if (!mayFill(actor, staffId)) throw new Forbidden();
    return {
      serviceId: booking.serviceId,
      staffId,
      start: place.start,
      orAnybody: place.staffId === null && mayFill(actor, null),
      asStaff: isSalon(actor),
    };
  }

  private async attempt(
    em: EntityManager,
    now: Date,
    {
      actor,
      id,
      version,
      wish,
      salon,
    }: { actor: MovingActor; id: string; version: number | null; wish: Wish; salon: Salon },
  ): Promise<BookingView> {
    const booking = await this.changes.lock(em, actor, id, version);
    if (isSalon(actor)) booking.allowMove(now);
    else booking.allowCustomerMove(now, await this.changes.contact(em));
    const before = booking.state;
    const claimable = await this.allocations.forMove(em, salon, wish, now, booking);
    const fit = await this.takeBest(em, booking, claimable.fits, claimable.blockedByExpired);
    const unmoved =
      fit.staffId === booking.resourceId &&
      instantOfMinute(fit.start).getTime() === booking.startsAt.getTime();
    if (unmoved) return this.queries.view(em, booking, now);
    const moved = {
      startsAt: instantOfMinute(fit.start),
      endsAt: instantOfMinute(fit.end),
      resourceId: fit.staffId,
    };
    booking.moveTo(moved, now, !isSalon(actor));
    await this.changes.record(em, actor, booking, now, {
      type: 'rescheduled',
      topic: 'booking.rescheduled',
      by: isSalon(actor) ? 'salon' : 'customer',
      before,
    });
    await this.changes.revokeLinks(em, booking);
    return { ...(await this.queries.view(em, booking, now)), warnings: fit.warnings };
  }

  private async takeBest(
    em: EntityManager,
    booking: Booking,
    fits: readonly StaffFit[],
    blockedByExpired: boolean,
  ): Promise<StaffFit> {
    await this.allocations.release(em, booking.id);
    for (const fit of fits) {
      if (blockedByExpired) await this.allocations.freeExpired(em, fit);
      if (await this.allocations.claim(em, booking.id, fit, null)) return fit;
    }
    throw new StartRefused('slot-unavailable');
  }
}

/** Bound by no window and no limit, and by opening hours as by a hint. */
function isSalon(actor: MovingActor): boolean {
  return actor.kind === 'staff' || actor.kind === 'system';
}
