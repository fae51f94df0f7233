import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { BookingMoney } from '../bookings/booking-money.service.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import {
  HandlesOutbox,
  Hopeless,
  RetryLater,
  type Effect,
  type OutboxHandler,
} from '../outbox/outbox.types.js';
import { Payment } from './entities/payment.entity.js';
import { PaymentGateway, type DisputeTruth } from './payment.gateway.js';
import { PaymentProvider } from './payment-provider.service.js';
import { PaymentSettling } from './payment-settling.service.js';
import { PaymentTasks } from './payment-tasks.service.js';

/** A provider's lists may be a little behind its events. */
const MOST_LOOKS = 4;
const LOOK_AGAIN_MS = 10_000;

/**
 * A payer has the bank ask for the money: the booking reads `disputed` until the bank decides for the salon, and a person is to
 * answer with evidence at the provider. A dispute that is lost takes the money away without being a refund of ours.
 */
@Injectable()
@HandlesOutbox({ name: 'payments.dispute', topics: ['payment.dispute'], lane: 'payments' })
export class PaymentDisputeHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly provider: PaymentProvider,
    private readonly settling: PaymentSettling,
    private readonly money: BookingMoney,
    private readonly tasks: PaymentTasks,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { paymentId } = effect.payload;
    if (!isUuid(paymentId)) throw new Hopeless('a dispute about nothing');
    const intentId = await this.database.transact(
      WORKER,
      async (em) => (await em.findOne(Payment, paymentId))?.intentId ?? null,
    );
    if (!intentId) throw new Hopeless('a dispute about a payment that nobody could make');
    const truth = await this.provider.ask(() => this.gateway.disputeOf(intentId), effect.attempt);
    if (!truth && effect.attempt < MOST_LOOKS)
      throw new RetryLater('no dispute to be seen yet', LOOK_AGAIN_MS);
    await this.database.transact(WORKER, async (em, now) => {
      if (truth) await this.apply(em, paymentId, truth, now);
      await effect.settle(em);
    });
  }

  /** Whatever the provider says: an appeal opens anew what was lost. A look that came late is put right by the next hour's. */
  private async apply(em: EntityManager, paymentId: string, truth: DisputeTruth, now: Date): Promise<void> {
    const locked = await this.settling.lock(em, paymentId, now);
    if (!locked) return;
    const { payment, booking } = locked;
    payment.disputedAt ??= now;
    payment.disputeState = truth.state;
    await em.flush();
    const { bookingId } = payment;
    const left = await em.count(Payment, { bookingId, disputeState: { $in: ['open', 'lost'] } });
    if (left > 0) this.money.signal(booking, 'disputed');
    else this.money.endDispute(booking);
    const task = { kind: 'dispute', bookingId, paymentId, subject: `dispute:${truth.step}` } as const;
    if (truth.wantsEvidence) {
      const detail = 'A payer disputes this charge: send evidence on the provider’s pages in time.';
      await this.tasks.open(em, { ...task, detail }, now);
    } else if (truth.state !== 'open') {
      const end = { by: null, outcome: `the bank decided: ${truth.state}` };
      await this.tasks.finishAll(
        em,
        { kind: 'dispute', paymentId, subject: { $like: '%needs_response' } },
        end,
        now,
      );
    }
    if (truth.state === 'lost') {
      const detail = 'The bank has decided for the payer: the money of this charge is gone.';
      await this.tasks.open(em, { ...task, detail }, now);
    }
  }
}
