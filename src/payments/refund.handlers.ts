import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/core';
import { Injectable } from '@nestjs/common';
import { BookingMoney } from '../bookings/booking-money.service.js';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { failpoint } from '../common/failpoint.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Payment } from './entities/payment.entity.js';
import { Refund } from './entities/refund.entity.js';
import { PaymentFailure, PaymentGateway, type RefundTruth } from './payment.gateway.js';
import { lookAtRefund } from './payments.events.js';
import { PaymentProvider } from './payment-provider.service.js';
import { Refunds } from './refunds.service.js';

/** The provider knows our key for a day; an hour before that we look before we ask. */
const KEY_LIVES_MS = 23 * 3_600_000;

/** Promises what a cancellation gives back; a hold that ran out with a part of its due paid gives back that part. */
@Injectable()
@HandlesOutbox({ name: 'payments.refund-cancellation', topics: ['booking.cancelled', 'booking.expired'] })
export class CancellationRefundHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly money: BookingMoney,
    private readonly refunds: Refunds,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { bookingId } = effect.payload;
    if (!isUuid(bookingId)) throw new Hopeless('a cancellation of nothing');
    await this.database.transact(WORKER, async (em, now) => {
      const booking = await this.money.lock(em, bookingId);
      const known = await em.count(Refund, { bookingId, cause: 'cancellation' });
      const isOver = booking.status === 'expired' || booking.status === 'cancelled';
      const amountMinor = isOver ? (booking.cancelRefundMinor ?? booking.netPaidMinor) : 0;
      if (known === 0 && amountMinor > 0) await this.refunds.giveBack(em, booking, amountMinor, now);
      await em.flush();
      await effect.settle(em);
    });
  }
}

/** Asks the provider to give money back: the row's key makes a repeated request the same refund. */
@Injectable()
@HandlesOutbox({ name: 'payments.refund', topics: ['refund.send'], lane: 'payments' })
export class RefundSendHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly provider: PaymentProvider,
    private readonly money: BookingMoney,
    private readonly refunds: Refunds,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { refundId } = effect.payload;
    if (!isUuid(refundId)) throw new Hopeless('an order to refund nothing');
    const begun = await this.begin(refundId);
    if (!begun) return;
    failpoint('refund.before-call');
    const { truth, others } = await this.provider.ask(
      () => this.send(begun.refund, begun.intentId),
      effect.attempt,
    );
    failpoint('refund.after-call');
    await this.database.transact(WORKER, async (em, now) => {
      const { refund, booking } = await lockRefund(em, this.money, refundId);
      failpoint('refund.before-settle');
      await this.refunds.follow(em, refund, booking, truth, now);
      await this.outbox.add(em, ...others.map((id) => lookAtRefund(id, `beside:${refundId}`)));
      await effect.settle(em);
    });
  }

  /** Commits when it was first asked, before it is. Null when there is nothing to ask any more. */
  private begin(refundId: string): Promise<{ refund: Refund; intentId: string } | null> {
    return this.database.transact(WORKER, async (em) => {
      const refund = await em.findOne(Refund, refundId);
      if (!refund) throw new Hopeless('the refund is gone');
      const { intentId } = await em.findOneOrFail(Payment, refund.paymentId);
      if (refund.state !== 'requested' || !intentId) return null;
      refund.askedAt ??= this.clock.realNow();
      return { refund, intentId };
    });
  }

  /** A refusal may mean that somebody gave it back on the provider's own pages: those refunds are to be looked at. */
  private async send(refund: Refund, intentId: string): Promise<{ truth: RefundTruth; others: string[] }> {
    const { id: refundId, amountMinor, cause, askedAt } = refund;
    const isOurs = (one: RefundTruth) => one.refundId === refundId;
    const age = this.clock.realNow().getTime() - (askedAt?.getTime() ?? 0);
    const known = age > KEY_LIVES_MS ? (await this.gateway.refundsOf(intentId)).find(isOurs) : undefined;
    if (known) return { truth: known, others: [] };
    try {
      const truth = await this.gateway.refund({ refundId, intentId, amountMinor, cause });
      return { truth, others: [] };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const all = await this.gateway.refundsOf(intentId).catch((failure: unknown) => {
        if (isRefusal(failure)) return [];
        throw failure;
      });
      const others = all.filter((one) => one.refundId === null).map(({ id }) => id);
      return { truth: all.find(isOurs) ?? refused(refund, intentId, error), others };
    }
  }
}

function isRefusal(error: unknown): error is PaymentFailure {
  return error instanceof PaymentFailure && error.kind === 'refused';
}

/** The provider will not give it back: a failed refund, for a person to look at. */
function refused(refund: Refund, intentId: string, { code }: PaymentFailure): RefundTruth {
  const { id, amountMinor, currency } = refund;
  return {
    id: `none:${id}`,
    refundId: id,
    intentId,
    state: 'failed',
    amountMinor,
    currency,
    errorCode: code,
  };
}

/** Follows a refund that moved at the provider; one made there by hand is taken into the books. */
@Injectable()
@HandlesOutbox({ name: 'payments.refund-look', topics: ['refund.look'], lane: 'payments' })
export class RefundLookHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly provider: PaymentProvider,
    private readonly money: BookingMoney,
    private readonly refunds: Refunds,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { providerId } = effect.payload;
    if (typeof providerId !== 'string' || providerId === '')
      throw new Hopeless('an order to look at nothing');
    const truth = await this.provider.ask(() => this.gateway.fetchRefund(providerId), effect.attempt);
    await this.database.transact(WORKER, async (em, now) => {
      const known = await knownAs(em, truth);
      if (known) {
        const { refund, booking } = await lockRefund(em, this.money, known.id);
        await this.refunds.follow(em, refund, booking, truth, now);
      } else if (truth.intentId && truth.state !== 'failed' && truth.state !== 'canceled') {
        await this.adopt(em, truth, truth.intentId, now);
      }
      await effect.settle(em);
    });
  }

  /** Somebody gave money back on the provider's own pages. */
  private async adopt(em: EntityManager, truth: RefundTruth, intentId: string, now: Date): Promise<void> {
    const found = await em.findOne(Payment, { intentId, state: { $in: ['succeeded', 'quarantined'] } });
    if (!found) return;
    const booking = await this.money.lock(em, found.bookingId);
    const payment = await em.findOneOrFail(Payment, found.id, {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      refresh: true,
    });
    // Of two reports at once the second finds here what the first has made.
    const known = await knownAs(em, truth);
    if (known) await this.refunds.follow(em, known, booking, truth, now);
    else await this.refunds.adopt(em, payment, booking, truth, now);
  }
}

/** By our id, or by the provider's: a refund may carry an id of ours that a restored database has forgotten. */
async function knownAs(em: EntityManager, truth: RefundTruth): Promise<Refund | null> {
  const ours = truth.refundId ? await em.findOne(Refund, truth.refundId, { refresh: true }) : null;
  return ours ?? em.findOne(Refund, { providerId: truth.id }, { refresh: true });
}

async function lockRefund(em: EntityManager, money: BookingMoney, refundId: string) {
  const found = await em.findOneOrFail(Refund, refundId);
  const booking = await money.lock(em, found.bookingId);
  const refund = await em.findOneOrFail(Refund, refundId, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
    refresh: true,
  });
  return { refund, booking };
}
