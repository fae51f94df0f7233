import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { Payment } from './entities/payment.entity.js';
import { PaymentGateway, type PaymentTruth } from './payment.gateway.js';
import { PaymentProvider } from './payment-provider.service.js';
import { PaymentSettling } from './payment-settling.service.js';

/**
 * Closes what nobody shall pay any more: intents are cancelled, pages expired. Who paid a moment earlier has paid late, and
 * what the bank still processes is left to that. An order about one payment (`payment.abandon`) says that another took its place.
 */
@Injectable()
@HandlesOutbox({
  name: 'payments.close',
  lane: 'payments',
  topics: ['booking.expired', 'booking.cancelled', 'payment.abandon'],
})
export class PaymentCloseHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly provider: PaymentProvider,
    private readonly settling: PaymentSettling,
  ) {}

  async handle(effect: Effect): Promise<void> {
    for (const payment of await this.meant(effect)) {
      const truth = await this.provider.ask(() => this.close(payment), effect.attempt);
      if (truth)
        await this.database.transact(WORKER, (em, now) => this.settling.apply(em, payment.id, truth, now));
    }
  }

  private async meant({ topic, payload: { paymentId, bookingId } }: Effect): Promise<Payment[]> {
    const id = topic === 'payment.abandon' ? paymentId : bookingId;
    if (!isUuid(id)) throw new Hopeless('an order to close nothing');
    const which = topic === 'payment.abandon' ? { id } : { bookingId: id, state: 'open' as const };
    return this.database.transact(WORKER, (em) =>
      em.find(Payment, { ...which, provider: 'stripe' }, { orderBy: { createdAt: 'asc' } }),
    );
  }

  private async close({
    id,
    way,
    intentId,
    sessionId,
    askedAt,
    state,
  }: Payment): Promise<PaymentTruth | null> {
    if (state === 'succeeded' || state === 'quarantined') return null;
    if (sessionId) return this.gateway.close({ intentId: null, sessionId });
    if (intentId) return this.gateway.close({ intentId, sessionId: null });
    const lost = await this.gateway.find(way ?? 'intent', id, askedAt);
    if (!lost) return null;
    return this.gateway.close({ intentId: lost.intentId, sessionId: lost.sessionId });
  }
}
