import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { WEBHOOK } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import type { DomainEvent } from '../outbox/outbox.types.js';
import { PaymentGateway, type ProviderNews } from './payment.gateway.js';
import { disputePayment, lookAtRefund, settlePayment } from './payments.events.js';
import { WebhookSignatureInvalid } from './payments.errors.js';
import { PAYMENT_OF, STRIPE_INBOX_ADD } from './payments.sql.js';

/** Takes in Stripe's deliveries: signature, then one transaction with the inbox row and the order to look, then a quick answer. */
@Injectable()
export class StripeWebhooks {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /** Throws `WebhookSignatureInvalid` and leaves one line in the audit log, nothing else. What we do not know is taken in and left. */
  async take(rawBody: Buffer, signature: string): Promise<void> {
    const news = await this.gateway.read(rawBody, signature);
    if (!news) {
      await this.audit.recordApart(WEBHOOK, { action: 'webhook.refused', details: { provider: 'stripe' } });
      throw new WebhookSignatureInvalid();
    }
    await this.database.transact(WEBHOOK, async (em) => {
      const fresh = await run(em, STRIPE_INBOX_ADD, [
        newId(),
        news.eventId.slice(0, 200),
        news.type.slice(0, 80),
      ]);
      if (fresh.length === 0) return;
      const order = await this.orderFor(em, news);
      if (order) await this.outbox.add(em, order);
    });
  }

  /** Only which thing moved is believed; how it stands is asked for. */
  private async orderFor(em: EntityManager, news: ProviderNews): Promise<DomainEvent | null> {
    if (news.kind === 'refund') return lookAtRefund(news.objectId, news.eventId);
    if (news.kind === 'other') return null;
    const sessionId = news.kind === 'payment' && news.objectId !== news.intentId ? news.objectId : null;
    const [payment] = await run<{ id: string }>(em, PAYMENT_OF, [news.paymentId, news.intentId, sessionId]);
    // A payment of another system on the same account is none of our business.
    if (!payment) return null;
    return news.kind === 'dispute'
      ? disputePayment(payment.id, news.eventId)
      : settlePayment(payment.id, news.eventId);
  }
}
