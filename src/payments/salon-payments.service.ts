import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { VersionMismatch } from '../common/domain-error.js';
import type { Money } from '../common/money.js';
import { AuditLog } from '../audit/audit.service.js';
import { BookingMoney } from '../bookings/booking-money.service.js';
import { HoldExpired } from '../bookings/bookings.errors.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { Database } from '../database/database.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Payment, type PaymentPurpose } from './entities/payment.entity.js';
import { PaymentQueries } from './payment-queries.service.js';
import type { PaymentView } from './payment.view.js';
import { abandonPayment, paymentSettled } from './payments.events.js';
import { Receipts } from './receipts.service.js';
import { amountTaken, purposeOf } from './salon-payment.js';

/** Ways to pay at the salon: in notes and coins, or at its own card terminal. */
export const SALON_METHODS = ['cash', 'terminal'] as const;
export type SalonMethod = (typeof SALON_METHODS)[number];

/** What was paid; an amount of null stands for what the booking is waiting for. */
export interface SalonPayment {
  method: SalonMethod;
  amount: Money | null;
}

/** Money that staff have in hand. It is settled the moment it is written down. */
@Injectable()
export class SalonPayments {
  constructor(
    private readonly database: Database,
    private readonly money: BookingMoney,
    private readonly queries: PaymentQueries,
    private readonly receipts: Receipts,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Confirms a hold whose due it pays, and closes what the customer was asked to pay online meanwhile. The receipt comes last: its
   * lock is the last of all.
   */
  async record(
    actor: StaffActor,
    bookingId: string,
    { method, amount }: SalonPayment,
    version: number | null,
  ): Promise<PaymentView> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await this.money.lockFor(em, actor, bookingId);
      if (version !== null && booking.version !== version) throw new VersionMismatch();
      const amountMinor = amountTaken(booking, amount, now);
      const purpose = purposeOf(booking, amountMinor, await countedPurposes(em, bookingId), now);
      const { outcome } = await this.money.receive(em, actor, booking, amountMinor, now, 'salon');
      if (outcome === 'late') throw new HoldExpired();
      await this.abandonOpen(em, bookingId);
      const payment = created(em, booking, { method, purpose, amountMinor }, now);
      await em.flush();
      await this.tell(em, actor, booking, payment);
      await this.receipts.issue(em, payment, booking, now);
      return this.queries.view(em, payment);
    });
  }

  /** Nobody shall pay the same thing online as well; should somebody have, their money goes back as excess. */
  private async abandonOpen(em: EntityManager, bookingId: string): Promise<void> {
    const open = await em.find(
      Payment,
      { bookingId, state: 'open' },
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
    );
    for (const payment of open) payment.state = 'canceled';
    await em.flush();
    await this.outbox.add(em, ...open.map(({ id }) => abandonPayment(id)));
  }

  private async tell(
    em: EntityManager,
    actor: StaffActor,
    booking: Booking,
    payment: Payment,
  ): Promise<void> {
    const isPaid = booking.netPaidMinor >= booking.totalMinor;
    if (isPaid) await this.outbox.add(em, paymentSettled(payment));
    await this.audit.record(em, actor, {
      action: 'payment.recorded',
      subjectKind: 'payment',
      subjectId: payment.id,
      details: {
        bookingId: booking.id,
        method: payment.provider,
        amountMinor: payment.amountMinor,
        currency: payment.currency,
      },
    });
  }
}

function created(
  em: EntityManager,
  booking: Booking,
  paid: { method: SalonMethod; purpose: PaymentPurpose; amountMinor: number },
  now: Date,
): Payment {
  return em.create(Payment, {
    bookingId: booking.id,
    customerId: booking.customerId,
    purpose: paid.purpose,
    provider: paid.method,
    amountMinor: paid.amountMinor,
    currency: booking.currency,
    state: 'succeeded',
    createdAt: now,
    askedAt: now, // nobody was asked
    settledAt: now,
  });
}

/** Purposes that a payment counts for already; the booking is locked, so that none is added meanwhile. */
async function countedPurposes(em: EntityManager, bookingId: string): Promise<PaymentPurpose[]> {
  const counted = await em.find(Payment, { bookingId, state: 'succeeded', surplus: false });
  return counted.map(({ purpose }) => purpose);
}
