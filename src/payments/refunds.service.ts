import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { BookingMoney } from '../bookings/booking-money.service.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Payment } from './entities/payment.entity.js';
import { Refund, type RefundCause, type RefundState } from './entities/refund.entity.js';
import type { RefundTruth } from './payment.gateway.js';
import { PaymentTasks } from './payment-tasks.service.js';
import { refundSettled, sendRefund } from './payments.events.js';

/** Why and how much. `key` tells refunds by staff apart, which may be several. */
export interface RefundWish {
  cause: RefundCause;
  amountMinor: number;
  key?: string;
  reason?: string | null;
}

/** How far along each state is: what comes later in a delivery than it happened changes nothing. */
const RANK: Readonly<Record<RefundState, number>> = {
  requested: 0,
  pending: 1,
  succeeded: 2,
  canceled: 3,
  failed: 3,
};

const isNews = (from: RefundState, to: RefundState) => RANK[to] > RANK[from];

/** Promises refunds and follows them to their end. Every method joins the caller's transaction, with the booking locked. */
@Injectable()
export class Refunds {
  constructor(
    private readonly money: BookingMoney,
    private readonly outbox: Outbox,
    private readonly tasks: PaymentTasks,
    private readonly clock: Clock,
  ) {}

  /**
   * Promises money back: at most once for each cause, and never more than is here (`payment_refunds_within_amount`). What was
   * paid at the salon is given back there, by a person.
   */
  async request(
    em: EntityManager,
    payment: Payment,
    booking: Booking,
    wish: RefundWish,
    now: Date,
  ): Promise<Refund> {
    const { cause, amountMinor, key: causeKey = '', reason = null } = wish;
    const known = await em.findOne(Refund, { paymentId: payment.id, cause, causeKey });
    if (known) return known;
    const refund = em.create(Refund, {
      id: newId(),
      paymentId: payment.id,
      bookingId: payment.bookingId,
      customerId: payment.customerId,
      cause,
      causeKey,
      amountMinor,
      currency: payment.strangeCurrency ?? payment.currency,
      state: 'requested',
      reason,
      requestedAt: now,
    });
    payment.refundedMinor += amountMinor;
    if (payment.state === 'succeeded') this.money.promiseRefund(booking, amountMinor);
    await em.flush();
    if (payment.provider === 'stripe') await this.outbox.add(em, sendRefund(refund.id));
    else await this.askForCash(em, payment, refund, now);
    return refund;
  }

  /** The quote of a cancellation, taken from the payments that came last first. */
  async giveBack(em: EntityManager, booking: Booking, amountMinor: number, now: Date): Promise<void> {
    const payments = await em.find(
      Payment,
      { bookingId: booking.id, state: 'succeeded' },
      { orderBy: { settledAt: 'desc', id: 'desc' }, lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    let left = amountMinor;
    for (const payment of payments) {
      const part = Math.min(left, payment.hereMinor);
      if (part > 0)
        await this.request(em, payment, booking, { cause: 'cancellation', amountMinor: part }, now);
      left -= part;
    }
  }

  /** A refund that was made on the provider's own pages counts like one that staff asked for here. */
  async adopt(
    em: EntityManager,
    payment: Payment,
    booking: Booking,
    truth: RefundTruth,
    now: Date,
  ): Promise<void> {
    const amountMinor = Math.min(truth.amountMinor, payment.hereMinor);
    if (amountMinor < truth.amountMinor) await this.tooMuchWentBack(em, payment, truth, now);
    if (amountMinor <= 0) return;
    const refund = em.create(Refund, {
      id: newId(),
      paymentId: payment.id,
      bookingId: payment.bookingId,
      customerId: payment.customerId,
      cause: 'staff',
      causeKey: `stripe:${truth.id}`.slice(0, 80),
      amountMinor,
      currency: truth.currency,
      state: 'requested',
      providerId: truth.id,
      reason: 'Refunded on the provider’s own pages.',
      requestedAt: now,
      askedAt: this.clock.realNow(),
    });
    payment.refundedMinor += amountMinor;
    if (payment.state === 'succeeded') this.money.promiseRefund(booking, amountMinor);
    await em.flush();
    await this.follow(em, refund, booking, truth, now);
  }

  /** Takes over how the provider says a refund stands; only forwards. */
  async follow(
    em: EntityManager,
    refund: Refund,
    booking: Booking,
    truth: Pick<RefundTruth, 'id' | 'state' | 'errorCode'>,
    now: Date,
  ): Promise<void> {
    refund.providerId ??= truth.id;
    if (!isNews(refund.state, truth.state)) return;
    refund.state = truth.state;
    refund.errorCode = truth.errorCode;
    if (truth.state === 'pending') return;
    refund.settledAt = now;
    if (truth.state !== 'succeeded') await this.takeBack(em, refund, booking, now);
    await em.flush();
    await this.outbox.add(em, refundSettled(refund));
  }

  /** The money is still here; somebody has to find another way to give it back. */
  private async takeBack(em: EntityManager, refund: Refund, booking: Booking, now: Date): Promise<void> {
    const payment = await em.findOneOrFail(Payment, refund.paymentId, {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      refresh: true,
    });
    payment.refundedMinor -= refund.amountMinor;
    if (payment.state === 'succeeded') this.money.takeBackRefund(booking, refund.amountMinor);
    await this.tasks.open(
      em,
      {
        kind: 'refund-failed',
        subject: `refund-failed:${refund.id}`,
        bookingId: refund.bookingId,
        paymentId: refund.paymentId,
        refundId: refund.id,
        detail: `A refund of ${refund.amountMinor} ${refund.currency} (minor units) ended as ${refund.state}: ${refund.errorCode ?? 'no reason given'}.`,
      },
      now,
    );
  }

  /** More than our books say is here: a promise of ours and somebody's own refund have met. */
  private async tooMuchWentBack(
    em: EntityManager,
    payment: Payment,
    truth: RefundTruth,
    now: Date,
  ): Promise<void> {
    await this.tasks.open(
      em,
      {
        kind: 'drift',
        subject: `drift:${truth.id}`,
        bookingId: payment.bookingId,
        paymentId: payment.id,
        detail: `${truth.amountMinor} ${truth.currency} (minor units) went back on the provider’s pages, of which our books had ${payment.hereMinor} left: compare the refunds of this payment there and here.`,
      },
      now,
    );
  }

  private async askForCash(em: EntityManager, payment: Payment, refund: Refund, now: Date): Promise<void> {
    await this.tasks.open(
      em,
      {
        kind: 'refund-by-hand',
        subject: `refund-by-hand:${refund.id}`,
        bookingId: refund.bookingId,
        paymentId: payment.id,
        refundId: refund.id,
        detail: `Give back ${refund.amountMinor} ${refund.currency} (minor units) that was paid by ${payment.provider}.`,
      },
      now,
    );
  }
}
