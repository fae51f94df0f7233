import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { failpoint } from '../common/failpoint.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { IntegrationStatusBoard } from '../outbox/integration-status.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { Payment } from './entities/payment.entity.js';
import { PaymentGateway, type PaymentTruth } from './payment.gateway.js';
import { PaymentProvider } from './payment-provider.service.js';
import { PaymentSettling } from './payment-settling.service.js';
import { PAYMENT_LOOKED_AT } from './payments.sql.js';

/** After a day the provider forgets our key: what it does not list by then was never made. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/** A payment and what the provider says of it; null where it knows nothing of it. */
interface Looked {
  truth: PaymentTruth;
  sessionId: string | null;
}

/**
 * Brings a payment up to date, whoever asked: webhook, poll or reconciliation. First the provider is asked, outside any
 * transaction, then one transaction applies the answer.
 */
@Injectable()
@HandlesOutbox({ name: 'payments.settle', topics: ['payment.settle'], lane: 'payments' })
export class PaymentSettleHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly provider: PaymentProvider,
    private readonly settling: PaymentSettling,
    private readonly clock: Clock,
    private readonly board: IntegrationStatusBoard,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { paymentId } = effect.payload;
    if (!isUuid(paymentId)) throw new Hopeless('an order to settle nothing');
    const payment = await this.database.transact(WORKER, async (em) => {
      await run(em, PAYMENT_LOOKED_AT, [paymentId]);
      return em.findOne(Payment, paymentId);
    });
    if (!payment) throw new Hopeless('the payment is gone');
    if (payment.provider !== 'stripe') return;
    const looked = await this.provider.ask(() => this.look(payment), effect.attempt);
    failpoint('payment.before-settle');
    await this.database.transact(WORKER, async (em, now) => {
      const truth = looked?.truth ?? this.neverMade(payment);
      const kept = truth ? await this.settling.apply(em, paymentId, truth, now) : null;
      if (kept && looked?.sessionId) kept.sessionId ??= looked.sessionId;
      await effect.settle(em);
    });
    await this.board.succeeded('payments');
  }

  private async look({ intentId, sessionId, way, id, askedAt }: Payment): Promise<Looked | null> {
    if (sessionId) return { truth: await this.gateway.checkout(sessionId), sessionId };
    if (intentId) return { truth: await this.gateway.intent(intentId), sessionId: null };
    const found = await this.gateway.find(way ?? 'intent', id, askedAt);
    return found ? { truth: found, sessionId: found.sessionId } : null;
  }

  /** Nobody was ever shown where to pay it. */
  private neverMade({
    id: paymentId,
    bookingId,
    amountMinor,
    currency,
    askedAt,
  }: Payment): PaymentTruth | null {
    if (this.clock.realNow().getTime() - askedAt.getTime() < FORGOTTEN_AFTER_MS) return null;
    const unknown = {
      intentId: null,
      chargeId: null,
      method: null,
      errorCode: null,
      clientSecret: null,
      url: null,
    };
    return {
      ...unknown,
      paymentId,
      bookingId,
      amountMinor,
      currency,
      state: 'canceled',
      isLive: this.gateway.isLive,
    };
  }
}
