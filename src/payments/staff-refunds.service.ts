import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { BookingMoney } from '../bookings/booking-money.service.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import type { RefundQuote } from '../bookings/refund-quote.types.js';
import type { StaffActor } from '../common/actor.js';
import { FieldRefused, NotFound } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import type { Money } from '../common/money.js';
import { Database } from '../database/database.service.js';
import type { MismatchDecision } from './dto/refund.request.js';
import { Payment } from './entities/payment.entity.js';
import type { Refund } from './entities/refund.entity.js';
import { PaymentTasks } from './payment-tasks.service.js';
import { PaymentSettling } from './payment-settling.service.js';
import { NotInThatState } from './payments.errors.js';
import { Refunds } from './refunds.service.js';

/** What staff see before they give money back. */
export interface StaffQuote {
  refundableMinor: number;
  currency: string;
  quote: RefundQuote;
}

/** Money that managers give back, in whole or in part, and what they decide about money that does not fit. */
@Injectable()
export class StaffRefunds {
  constructor(
    private readonly database: Database,
    private readonly settling: PaymentSettling,
    private readonly refunds: Refunds,
    private readonly tasks: PaymentTasks,
    private readonly money: BookingMoney,
    private readonly audit: AuditLog,
  ) {}

  /** What is still here, beside what the deal's policy would give back now. */
  async quote(actor: StaffActor, paymentId: string): Promise<StaffQuote> {
    return this.database.transact(actor, async (em, now) => {
      const payment = await em.findOne(Payment, paymentId);
      if (!payment) throw new NotFound();
      const booking = await em.findOneOrFail(Booking, payment.bookingId);
      return {
        refundableMinor: payment.state === 'succeeded' ? payment.hereMinor : 0,
        currency: payment.currency,
        quote: this.money.quoteFor(booking, now),
      };
    });
  }

  /** Promises it at once; the provider is asked right after. Never more than is here of this payment. */
  async refund(
    actor: StaffActor,
    paymentId: string,
    { amount, reason }: { amount: Money | null; reason: string },
  ): Promise<Refund> {
    return this.database.transact(actor, async (em, now) => {
      const locked = await this.settling.lock(em, paymentId, now);
      if (!locked) throw new NotFound();
      const { payment, booking } = locked;
      if (payment.state !== 'succeeded' || payment.hereMinor === 0)
        throw new NotInThatState('payment', payment.state, 'refunded');
      const amountMinor = amount ? within(payment, amount) : payment.hereMinor;
      const wish = { cause: 'staff', key: newId(), amountMinor, reason } as const;
      const refund = await this.refunds.request(em, payment, booking, wish, now);
      await this.audit.record(em, actor, {
        action: 'payment.refund-requested',
        subjectKind: 'payment',
        subjectId: payment.id,
        details: { refundId: refund.id, amountMinor },
      });
      return refund;
    });
  }

  /** Ends the task: the money counts, or goes back. */
  async resolve(actor: StaffActor, taskId: string, decision: MismatchDecision): Promise<void> {
    await this.database.transact(actor, async (em, now) => {
      // The task before the booking, as whoever decides by the clock does.
      const task = await this.tasks.lock(em, taskId);
      if (task.kind !== 'mismatch' || !task.paymentId) throw new NotFound();
      if (task.state === 'done') throw new NotInThatState('task', 'done', 'decided about');
      const decided =
        decision === 'accept'
          ? await this.settling.accept(em, task.paymentId, now)
          : await this.settling.sendBack(em, task.paymentId, now);
      await this.tasks.finish(em, taskId, { by: actor.accountId, outcome: decision }, now);
      if (!decided)
        throw new NotInThatState('payment', 'set aside', decision === 'accept' ? 'accepted' : 'refunded');
      await this.audit.record(em, actor, {
        action: `payment.mismatch-${decision}`,
        subjectKind: 'payment',
        subjectId: task.paymentId,
      });
    });
  }
}

function within(payment: Payment, { amount, currency }: Money): number {
  if (currency !== payment.currency)
    throw new FieldRefused('/amount/currency', 'currency', `must be ${payment.currency}, as it was paid`);
  if (amount < 1 || amount > payment.hereMinor)
    throw new FieldRefused('/amount/amount', 'range', `must be 1 to ${payment.hereMinor}: more is not here`);
  return amount;
}
