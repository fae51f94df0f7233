import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { Allocations } from '../scheduling/allocations.service.js';
import { BookingChanges, type BookingActor } from './booking-changes.service.js';
import { HoldExpired } from './bookings.errors.js';
import type { Initiator } from './bookings.events.js';
import { Booking, type PaymentSignal } from './entities/booking.entity.js';
import { refundQuote } from './refund-quote.js';
import type { RefundQuote } from './refund-quote.types.js';

/**
 * What became of money that came in. `late`: there is no appointment to pay for any more, all of it has to go back.
 * `surplusMinor`: what is beyond the price, of money that counts otherwise.
 */
export interface Received {
  outcome: 'confirmed' | 'counted' | 'late';
  surplusMinor: number;
}

/**
 * The booking's own money, written by whoever moves money and nobody else. Every method joins the caller's transaction and
 * wants the booking locked by `lock` in it.
 */
@Injectable()
export class BookingMoney {
  constructor(
    private readonly changes: BookingChanges,
    private readonly allocations: Allocations,
  ) {}

  /** Locks a booking for the system. `NotFound` when there is none. */
  async lock(em: EntityManager, id: string): Promise<Booking> {
    const booking = await em.findOne(
      Booking,
      { id },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!booking) throw new NotFound();
    return booking;
  }

  /** Locks a booking for somebody who must be allowed to see it. */
  async lockFor(em: EntityManager, actor: BookingActor, id: string): Promise<Booking> {
    return this.changes.lock(em, actor, id, null);
  }

  /**
   * Money was captured. A hold whose due is paid by it becomes an appointment; one that ran out does too, when its time is
   * still to be had and still to come.
   */
  async receive(
    em: EntityManager,
    actor: Actor,
    booking: Booking,
    amountMinor: number,
    now: Date,
    by: Initiator = 'customer',
  ): Promise<Received> {
    const before = booking.state;
    booking.receive(amountMinor);
    const surplusMinor = Math.min(amountMinor, Math.max(0, booking.netPaidMinor - booking.totalMinor));
    if (booking.status === 'cancelled') return { outcome: 'late', surplusMinor: 0 };
    if (booking.status !== 'held' && booking.status !== 'expired')
      return { outcome: 'counted', surplusMinor };
    const isAlive = booking.statusAt(now) === 'held';
    if (booking.amountDueMinor > 0) return { outcome: isAlive ? 'counted' : 'late', surplusMinor: 0 };
    if (!(await this.hasItsTime(em, booking, isAlive, now))) return { outcome: 'late', surplusMinor: 0 };
    booking.confirmPaid();
    await this.changes.record(em, actor, booking, now, {
      type: 'confirmed',
      topic: 'booking.confirmed',
      by,
      before,
    });
    return { outcome: 'confirmed', surplusMinor };
  }

  /** What the deal would give back if the customer cancelled now. */
  quoteFor(booking: Booking, now: Date): RefundQuote {
    return refundQuote(booking, 'customer', now);
  }

  /** Sets money aside that is on its way back: it counts as refunded from the promise on, so that nobody promises it twice. */
  promiseRefund(booking: Booking, amountMinor: number): void {
    booking.refund(amountMinor);
  }

  /** A promised refund came to nothing; the money is still here. */
  takeBackRefund(booking: Booking, amountMinor: number): void {
    booking.refund(-amountMinor);
  }

  /** What the provider says of the money; null once there is nothing to say. */
  signal(booking: Booking, signal: PaymentSignal | null): void {
    // A dispute is about money that is here; what becomes of other money does not end it.
    if (booking.paymentSignal === 'disputed') return;
    if ((booking.paymentSignal ?? null) !== signal) booking.paymentSignal = signal;
  }

  /** The bank has decided for the salon: the money stays. */
  endDispute(booking: Booking): void {
    if (booking.paymentSignal === 'disputed') booking.paymentSignal = null;
  }

  /** Keeps an unpaid booking until `until`, once: a hosted page gives its payer at least half an hour. */
  async lengthenHold(em: EntityManager, booking: Booking, until: Date): Promise<void> {
    if (!booking.lengthenHold(until)) return;
    await em.flush();
    // Waited for past its end, the time may be somebody else's by now.
    if (!(await this.allocations.holdUntil(em, booking.id, until))) throw new HoldExpired();
  }

  private async hasItsTime(
    em: EntityManager,
    booking: Booking,
    isAlive: boolean,
    now: Date,
  ): Promise<boolean> {
    if (isAlive && (await this.allocations.makeFirm(em, booking))) return true;
    if (booking.startsAt <= now) return false;
    return this.allocations.takeAgain(em, booking);
  }
}
