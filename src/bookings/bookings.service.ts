import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { CustomerActor, GuestActor, StaffActor, SystemActor } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { Allocations } from '../scheduling/allocations.service.js';
import type { StaffLicence } from './booking-command.types.js';
import { BookingChanges, type BookingActor, type Change } from './booking-changes.service.js';
import { BookingQueries } from './booking-queries.service.js';
import type { BookingView } from './booking.view.js';
import { HoldExpired } from './bookings.errors.js';
import { Booking, type Canceller } from './entities/booking.entity.js';
import { refundQuote } from './refund-quote.js';
import type { RefundQuote } from './refund-quote.types.js';

/** Money on its way back; `null` beside a cancelled booking when nothing goes back. */
export interface RequestedRefund {
  amountMinor: number;
  currency: string;
}

export interface Cancellation {
  booking: BookingView;
  refund: RequestedRefund | null;
}

/** On whose behalf staff cancel: it decides about the refund and is part of the history. */
export const CANCELLED_FOR = ['customer', 'salon'] as const;
export type CancelledFor = (typeof CANCELLED_FOR)[number];

/** Ends and outcomes of a booking. One command, one transaction, its effects promised in it. */
@Injectable()
export class BookingsService {
  constructor(
    private readonly database: Database,
    private readonly changes: BookingChanges,
    private readonly allocations: Allocations,
    private readonly queries: BookingQueries,
  ) {}

  /** A second cancel of the same booking answers as the first did. */
  async cancelOwn(
    actor: CustomerActor | GuestActor,
    id: string,
    reason: string | null,
    version: number | null,
  ): Promise<Cancellation> {
    return this.change(actor, id, version, async (em, booking, now) => {
      if (booking.status === 'cancelled') return null;
      const before = booking.state;
      const quote = refundQuote(booking, 'customer', now);
      booking.cancelByCustomer(now, reason, await this.changes.contact(em));
      return cancelled(booking, before, quote, 'customer', reason);
    }).then(withRefund);
  }

  async cancelAsStaff(
    actor: StaffActor,
    id: string,
    { reason, onBehalfOf }: { reason: string; onBehalfOf: CancelledFor },
    version: number | null,
  ): Promise<Cancellation> {
    return this.change(actor, id, version, async (_em, booking, now) => {
      const before = booking.state;
      const quote = refundQuote(booking, onBehalfOf, now);
      booking.cancel(now, onBehalfOf === 'customer' ? 'customer' : 'staff', reason);
      return cancelled(booking, before, quote, onBehalfOf, reason);
    }).then(withRefund);
  }

  /** The customer came; at any time from the start on. */
  async complete(actor: StaffActor, id: string, version: number | null): Promise<BookingView> {
    return this.change(actor, id, version, async (_em, booking, now) => {
      const before = booking.state;
      booking.complete(now);
      return { type: 'completed', topic: 'booking.completed', by: 'salon', before };
    });
  }

  /** The customer did not come: the rest of the time is free at once. */
  async markNoShow(actor: StaffActor, id: string, version: number | null): Promise<BookingView> {
    return this.change(actor, id, version, async (em, booking, now) => {
      const before = booking.state;
      booking.markNoShow(now);
      await this.allocations.cut(em, booking, now);
      return { type: 'no_show', topic: 'booking.no_show', by: 'salon', before };
    });
  }

  /** Turns a wrong outcome into the other, with a reason, within seven days. */
  async correct(
    actor: StaffActor,
    id: string,
    { status, reason }: { status: 'completed' | 'no_show'; reason: string },
    version: number | null,
  ): Promise<BookingView> {
    return this.change(actor, id, version, async (_em, booking, now) => {
      const before = booking.state;
      booking.correct(status, now);
      return { type: 'corrected', topic: null, by: 'salon', before, reason };
    });
  }

  /** Confirms without payment; who did it and why stays in the history. */
  async waivePayment(
    actor: StaffActor,
    id: string,
    { waiveReason }: Pick<StaffLicence, 'waiveReason'>,
    version: number | null,
  ): Promise<BookingView> {
    return this.change(actor, id, version, async (em, booking, now) => {
      const before = booking.state;
      if (booking.statusAt(now) === 'expired') throw new HoldExpired();
      booking.waivePayment();
      await this.changes.confirm(em, booking);
      return { type: 'confirmed', topic: 'booking.confirmed', by: 'salon', before, reason: waiveReason };
    });
  }

  /** Whoever is forgotten will not come; what goes back is what the deal says of a customer who cancels at that time. */
  async cancelForErasure(actor: SystemActor, id: string): Promise<void> {
    await this.cancelBySystem(actor, id, 'customer', 'customer');
  }

  /** The salon deleted its event in a calendar, and its policy takes that for a cancellation: everything goes back. */
  async cancelFromCalendar(actor: SystemActor, id: string): Promise<void> {
    await this.cancelBySystem(actor, id, 'calendar', 'salon');
  }

  /** The customer says that they will come; said again it changes nothing. False when there is no such appointment any more. */
  async confirmAttendance(actor: SystemActor, id: string): Promise<boolean> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await em.findOne(Booking, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (booking?.status !== 'confirmed') return false;
      if (booking.attendanceConfirmedAt) return true;
      const before = booking.state;
      booking.attendanceConfirmedAt = now;
      await this.changes.record(em, actor, booking, now, {
        type: 'attendance_confirmed',
        topic: null,
        by: 'customer',
        before,
      });
      return true;
    });
  }

  private async cancelBySystem(
    actor: SystemActor,
    id: string,
    by: Canceller,
    onBehalfOf: CancelledFor,
  ): Promise<void> {
    await this.database.transact(actor, async (em, now) => {
      const booking = await this.changes.lock(em, actor, id, null);
      const before = booking.state;
      const quote = refundQuote(booking, onBehalfOf, now);
      booking.cancel(now, by, null);
      await this.changes.record(em, actor, booking, now, cancelled(booking, before, quote, onBehalfOf, null));
      await this.release(em, booking);
    });
  }

  /** Lock, change, record, show; a change of null leaves everything as it is. */
  private async change(
    actor: BookingActor,
    id: string,
    version: number | null,
    work: (em: EntityManager, booking: Booking, now: Date) => Promise<Change | null>,
  ): Promise<BookingView> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await this.changes.lock(em, actor, id, version);
      const change = await work(em, booking, now);
      if (change) {
        await this.changes.record(em, actor, booking, now, change);
        if (booking.status === 'cancelled') await this.release(em, booking);
      }
      return this.queries.view(em, booking, now);
    });
  }

  private async release(em: EntityManager, booking: Booking): Promise<void> {
    await this.allocations.release(em, booking.id);
    await this.changes.revokeLinks(em, booking);
  }
}

/** The quote stays with the booking and goes out with the fact: whoever moves money acts upon it. */
function cancelled(
  booking: Booking,
  before: Change['before'],
  { refundMinor }: RefundQuote,
  by: CancelledFor,
  reason: string | null,
): Change {
  booking.quoteRefund(refundMinor);
  return {
    type: 'cancelled',
    topic: 'booking.cancelled',
    by,
    before,
    reason,
    told: { fromHold: before.status === 'held', refundMinor },
  };
}

function withRefund(booking: BookingView): Cancellation {
  const { cancelRefundMinor: amountMinor, currency } = booking;
  return { booking, refund: amountMinor ? { amountMinor, currency } : null };
}
