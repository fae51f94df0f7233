import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { NotFound, Unavailable } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { instantOfMinute, wholeMinuteOf, minuteOf } from '../common/time/zoned-time.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import { BUSY, CLAIM, CUT, FREE_EXPIRED, HOLD_UNTIL, IS_AWAY, MAKE_FIRM, RELEASE } from './busy.sql.js';
import type { Busy } from './busy.types.js';
import { lockResourcesExclusively, lockToCreate } from './resource-locks.js';
import { SalonCache } from './salon-cache.service.js';
import type { Offer, OfferedService, Salon } from './salon.types.js';
import { refusalOf } from './scheduling.errors.js';
import { offersFor, peopleAsked, personOf, rulesFor, SlotSearch } from './slot-search.service.js';
import { checkStart } from './slots/check-start.js';
import type { StaffFit } from './slots/slots.types.js';
import { CatalogMoved, StartRefused, type Claimable, type Wish } from './wish.types.js';

/** Busy time this far around a start decides about it, and about who has least to do that day; minutes. */
const AROUND = 36 * 60;
const MOST_CATALOG_MOVES = 5;

/** Whose time is taken, from which minute to which. */
type Blocked = Pick<StaffFit, 'staffId' | 'blockedFrom' | 'blockedTo'>;

/** Claims and frees time. Every method but `claiming` runs inside the caller's transaction. */
@Injectable()
export class Allocations {
  constructor(
    private readonly cache: SalonCache,
    private readonly search: SlotSearch,
  ) {}

  /**
   * Runs a command that claims the wished time: again when the catalogue moved under it; a refusal leaves with up to
   * three alternatives. `excluding` is the booking that is being moved.
   */
  async claiming<T>(wish: Wish, excluding: string | null, command: (salon: Salon) => Promise<T>): Promise<T> {
    for (let moves = 0; ; moves += 1) {
      const salon = await this.cache.get();
      try {
        return await command(salon);
      } catch (error) {
        if (error instanceof StartRefused) {
          const person = personOf(wish, salon);
          const others = await this.search.alternativesTo(wish.serviceId, person, wish.start, excluding);
          throw refusalOf(error.reason, others);
        }
        if (!(error instanceof CatalogMoved)) throw error;
        if (moves === MOST_CATALOG_MOVES) throw new Unavailable();
        await this.cache.get(error.revision);
      }
    }
  }

  /** Who can take a new booking: locks on the guest's contacts, and shared with other creators on the resources; then looks. */
  async forNew(
    em: EntityManager,
    salon: Salon,
    wish: Wish,
    now: Date,
    contacts: readonly string[],
  ): Promise<Claimable> {
    return this.look(em, salon, wish, now, {
      lock: (ids) => lockToCreate(em, contacts, ids),
      bookingId: null,
    });
  }

  /** Who can take a booking that moves: locks alone, its old resource too, then looks past the booking itself. */
  async forMove(
    em: EntityManager,
    salon: Salon,
    wish: Wish,
    now: Date,
    booking: { id: string; resourceId: string },
  ): Promise<Claimable> {
    return this.look(em, salon, wish, now, {
      lock: (ids) => lockResourcesExclusively(em, [...ids, booking.resourceId]),
      bookingId: booking.id,
    });
  }

  private async look(
    em: EntityManager,
    salon: Salon,
    wish: Wish,
    now: Date,
    how: { lock: (ids: readonly string[]) => Promise<void>; bookingId: string | null },
  ): Promise<Claimable> {
    const asked = { serviceId: wish.serviceId, staffId: personOf(wish, salon) };
    const ids = peopleAsked(asked, salon);
    const minute = minuteOf(wish.start);
    // Sent together, answered in order: the reading statement sees what was committed before the locks were had.
    const [, busy] = await together([
      how.lock(ids),
      run<Busy>(em, BUSY, [
        ids.length > 0 ? ids : [newId()],
        minute - AROUND,
        minute + AROUND,
        how.bookingId,
      ]),
    ]);
    const revision = busy[0]?.revision ?? 0;
    if (revision !== salon.revision) throw new CatalogMoved(revision);
    const offered = salon.services.get(wish.serviceId);
    if (!offered || (!offered.service.active && how.bookingId === null)) throw new NotFound();
    return {
      salon,
      offered,
      fits: fitsFor(salon, offered, offersFor(offered, asked.staffId), busy, wish, now),
      blockedByExpired: busy.some((row) => row.expired),
    };
  }

  /** Frees the expired holds that a claim would run into. */
  async freeExpired(em: EntityManager, fit: Blocked): Promise<void> {
    await run(em, FREE_EXPIRED, [fit.staffId, fit.blockedFrom, fit.blockedTo]);
  }

  /** Takes the time for a booking, or says false because somebody else has it. */
  async claim(em: EntityManager, bookingId: string, fit: Blocked, heldUntil: Date | null): Promise<boolean> {
    const range = [instantOfMinute(fit.blockedFrom), instantOfMinute(fit.blockedTo)];
    const rows = await run(em, CLAIM, [newId(), bookingId, fit.staffId, ...range, heldUntil]);
    return rows.length === 1;
  }

  /** Frees a booking's time. */
  async release(em: EntityManager, bookingId: string): Promise<void> {
    await run(em, RELEASE, [bookingId]);
  }

  /** A hold became a booking; false when its time was given to somebody else meanwhile. */
  async makeFirm(em: EntityManager, booking: { id: string; resourceId: string }): Promise<boolean> {
    await lockResourcesExclusively(em, [booking.resourceId]);
    return (await run(em, MAKE_FIRM, [booking.id])).length > 0;
  }

  /** A hold lasts longer; false when its time was given to somebody else. */
  async holdUntil(em: EntityManager, bookingId: string, until: Date): Promise<boolean> {
    return (await run(em, HOLD_UNTIL, [bookingId, until])).length > 0;
  }

  /**
   * Takes the time of a booking that had given it up, or lost it to nobody yet. False when somebody else has it by now, or the
   * person took it off.
   */
  async takeAgain(
    em: EntityManager,
    booking: {
      id: string;
      resourceId: string;
      startsAt: Date;
      endsAt: Date;
      bufferBeforeMinutes: number;
      bufferAfterMinutes: number;
    },
  ): Promise<boolean> {
    await lockResourcesExclusively(em, [booking.resourceId]);
    if ((await run(em, MAKE_FIRM, [booking.id])).length > 0) return true;
    const fit = {
      staffId: booking.resourceId,
      blockedFrom: minuteOf(booking.startsAt) - booking.bufferBeforeMinutes,
      blockedTo: minuteOf(booking.endsAt) + booking.bufferAfterMinutes,
    };
    const away = await run(em, IS_AWAY, [booking.resourceId, fit.blockedFrom, fit.blockedTo]);
    if (away.length > 0) return false;
    await this.freeExpired(em, fit);
    return this.claim(em, booking.id, fit, null);
  }

  /** Ends the booking's claim at the instant: the rest of the time is free. */
  async cut(em: EntityManager, booking: { id: string; resourceId: string }, at: Date): Promise<void> {
    await lockResourcesExclusively(em, [booking.resourceId]);
    await run(em, CUT, [booking.id, at]);
  }
}

function fitsFor(
  salon: Salon,
  offered: OfferedService,
  offers: readonly Offer[],
  busy: readonly Busy[],
  wish: Wish,
  now: Date,
): readonly StaffFit[] {
  const minute = wholeMinuteOf(wish.start);
  if (minute === null) throw new StartRefused('off-grid');
  const rules = rulesFor(salon, offered, offers, busy, now, wish.asStaff);
  const checked = checkStart(rules, minute, null, wish.asStaff ? 'staff' : 'customer');
  if (!checked.ok) throw new StartRefused(checked.reason);
  return checked.fits;
}
