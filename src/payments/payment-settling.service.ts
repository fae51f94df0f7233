import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { BookingMoney } from '../bookings/booking-money.service.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AuditLog } from '../audit/audit.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Payment } from './entities/payment.entity.js';
import { PaymentGateway, type PaymentTruth } from './payment.gateway.js';
import { PaymentTasks } from './payment-tasks.service.js';
import { abandonPayment, paymentLate, paymentSettled } from './payments.events.js';
import { Receipts } from './receipts.service.js';
import { Refunds } from './refunds.service.js';
import { mismatchOf, type Mismatch } from './rules/mismatch.js';

/** A mismatch nobody decided about is given back by itself after this long. */
const DECIDES_AFTER_MS = 24 * 3_600_000;

/** A payment and its booking, both locked. */
interface Locked {
  payment: Payment;
  booking: Booking;
  now: Date;
}

/**
 * Takes over how the provider says a payment stands: the one place where money becomes ours. Only forwards, so that webhook,
 * poll and reconciliation may come in any order and as often as they like.
 */
@Injectable()
export class PaymentSettling {
  constructor(
    private readonly gateway: PaymentGateway,
    private readonly money: BookingMoney,
    private readonly refunds: Refunds,
    private readonly receipts: Receipts,
    private readonly tasks: PaymentTasks,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Locks booking, then payment, and applies. Null for a payment that is not there. */
  async apply(em: EntityManager, paymentId: string, truth: PaymentTruth, now: Date): Promise<Payment | null> {
    const locked = await this.lock(em, paymentId, now);
    if (!locked) return null;
    const { payment } = locked;
    payment.lookedAt = this.clock.realNow();
    if (truth.intentId) payment.intentId ??= truth.intentId;
    if (payment.state === 'succeeded' || payment.state === 'quarantined') return payment;
    if (truth.state === 'succeeded') await this.cameIn(em, locked, truth);
    else await this.underWay(em, locked, truth);
    await em.flush();
    return payment;
  }

  /** A person takes money that does not fit: it counts as what came. */
  async accept(em: EntityManager, paymentId: string, now: Date): Promise<Payment | null> {
    const locked = await this.lock(em, paymentId, now);
    const payment = locked?.payment;
    if (!payment || payment.state !== 'quarantined') return null;
    if (payment.refundedMinor > 0 || payment.strangeCurrency !== payment.currency) return null;
    await this.succeed(em, locked);
    return payment;
  }

  /** Money that does not fit goes back, all of it. */
  async sendBack(em: EntityManager, paymentId: string, now: Date): Promise<Payment | null> {
    const locked = await this.lock(em, paymentId, now);
    if (!locked || locked.payment.state !== 'quarantined') return null;
    const { payment, booking } = locked;
    const amountMinor = payment.hereMinor;
    if (amountMinor > 0)
      await this.refunds.request(em, payment, booking, { cause: 'mismatch', amountMinor }, now);
    return payment;
  }

  async lock(em: EntityManager, paymentId: string, now: Date): Promise<Locked | null> {
    const found = await em.findOne(Payment, paymentId);
    if (!found) return null;
    const booking = await this.money.lock(em, found.bookingId);
    const payment = await em.findOneOrFail(Payment, paymentId, {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      refresh: true,
    });
    return { payment, booking, now };
  }

  private async cameIn(em: EntityManager, locked: Locked, truth: PaymentTruth): Promise<void> {
    const { payment } = locked;
    payment.chargeId = truth.chargeId;
    payment.methodBrand = truth.method?.brand ?? null;
    payment.methodLast4 = truth.method?.last4 ?? null;
    payment.errorCode = null;
    const { id, bookingId, amountMinor, currency } = payment;
    const expected = { id, bookingId, amountMinor, currency, isLive: this.gateway.isLive };
    const mismatch = mismatchOf(expected, truth);
    if (mismatch) await this.quarantine(em, locked, truth, mismatch);
    else await this.succeed(em, locked);
  }

  /** Counts it: the booking is confirmed, or it came too late and goes back, or part of it is too much and goes back. */
  private async succeed(em: EntityManager, { payment, booking, now }: Locked): Promise<void> {
    const isRepeated = await this.wasPaidBefore(em, payment);
    const amountMinor = payment.cameMinor;
    const received = await this.money.receive(em, WORKER, booking, amountMinor, now);
    const isLate = received.outcome === 'late';
    payment.state = 'succeeded';
    payment.settledAt = now;
    payment.surplus = isRepeated || isLate;
    this.money.signal(booking, null);
    await em.flush();
    // Paid a second time it is too much, all of it, unless the booking still needed it.
    const isNeedless = isRepeated && received.outcome === 'counted' && booking.status !== 'held';
    const excessMinor = isNeedless ? amountMinor : received.surplusMinor;
    if (isLate) {
      await this.refunds.request(em, payment, booking, { cause: 'late', amountMinor }, now);
      await this.outbox.add(em, paymentLate(payment));
    } else if (excessMinor > 0) {
      await this.refunds.request(em, payment, booking, { cause: 'excess', amountMinor: excessMinor }, now);
    }
    await em.flush();
    const isPaid = !payment.surplus && booking.netPaidMinor >= booking.totalMinor;
    if (isPaid) await this.outbox.add(em, paymentSettled(payment));
    await this.record(em, payment, isLate ? 'payment.late' : 'payment.succeeded');
    // Last, for its lock keeps every other receipt waiting until the commit.
    await this.receipts.issue(em, payment, booking, now);
  }

  /** Somebody paid the same thing by another way; of balances there may be several, since a price may grow. */
  private async wasPaidBefore(em: EntityManager, { bookingId, purpose }: Payment): Promise<boolean> {
    if (purpose === 'balance') return false;
    return (await em.count(Payment, { bookingId, purpose, state: 'succeeded', surplus: false })) > 0;
  }

  /** Set aside for a person, and after a day given back. Never counted as paid meanwhile. */
  private async quarantine(
    em: EntityManager,
    { payment, booking, now }: Locked,
    truth: PaymentTruth,
    mismatch: Mismatch,
  ): Promise<void> {
    payment.state = 'quarantined';
    payment.strangeMinor = truth.amountMinor;
    payment.strangeCurrency = truth.currency;
    this.money.signal(booking, null);
    await em.flush();
    const asked = `${payment.amountMinor} ${payment.currency}`;
    const came = `${truth.amountMinor} ${truth.currency}`;
    await this.tasks.open(
      em,
      {
        kind: 'mismatch',
        subject: `mismatch:${payment.id}`,
        bookingId: booking.id,
        paymentId: payment.id,
        detail: `The ${mismatch} of a payment is not as asked for: ${came} came, ${asked} (minor units) was asked for.`,
        decidesAt: new Date(now.getTime() + DECIDES_AFTER_MS),
      },
      now,
    );
    await this.record(em, payment, 'payment.quarantined', { mismatch });
  }

  private async underWay(
    em: EntityManager,
    { payment, booking }: Locked,
    truth: PaymentTruth,
  ): Promise<void> {
    if (truth.state === 'canceled') payment.isClosed = true;
    if (payment.state === 'canceled') return this.closeAgain(em, payment, truth);
    payment.errorCode = truth.errorCode;
    if (truth.state === 'canceled') {
      payment.state = 'canceled';
      this.money.signal(booking, null);
    } else if (truth.state === 'processing') {
      payment.state = 'processing';
      this.money.signal(booking, 'processing');
    } else {
      payment.state = 'open';
      this.money.signal(booking, truth.errorCode ? 'failed' : null);
      // Made while its booking came to an end: there is nothing to pay for.
      const isOver = booking.status === 'expired' || booking.status === 'cancelled';
      if (isOver) await this.closeAgain(em, payment, truth);
    }
  }

  /** Given up here and payable there: its making was under way when it was given up. What the bank has is looked at again. */
  private async closeAgain(em: EntityManager, payment: Payment, truth: PaymentTruth): Promise<void> {
    if (truth.state === 'open')
      await this.outbox.add(em, abandonPayment(payment.id, truth.intentId ?? payment.sessionId ?? 'page'));
  }

  private async record(
    em: EntityManager,
    payment: Payment,
    action: string,
    details: Record<string, string> = {},
  ): Promise<void> {
    await this.audit.record(em, WORKER, {
      action,
      subjectKind: 'payment',
      subjectId: payment.id,
      details: { bookingId: payment.bookingId, ...details },
    });
  }
}
