import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Customer } from '../customers/entities/customer.entity.js';
import { Message } from './entities/message.entity.js';
import { MessageWriter } from './message-writer.service.js';

const MINUTE_MS = 60_000;
const REMINDER_PATIENCE_MS = 60 * MINUTE_MS;
const PATIENCE_MS = 10 * MINUTE_MS;
const TRY_AGAIN_AFTER_MS = 15 * MINUTE_MS;

/** What is done for a message that does not arrive: an e-mail in the place of a text whose family has none of its own, else people are told. */
@Injectable()
export class MessageFallback {
  constructor(private readonly writer: MessageWriter) {}

  /** Ends a text that is late enough for the e-mail that takes its place; false, and nothing changes, where it goes on. */
  async insteadOfLate(em: EntityManager, message: Message, now: Date, reason: string): Promise<boolean> {
    const patience = message.class === 'reminder' ? REMINDER_PATIENCE_MS : PATIENCE_MS;
    if (now.getTime() - message.dueAt.getTime() < patience) return false;
    if (!(await this.instead(em, message, now))) return false;
    message.moveTo('superseded', now, { reason: `${reason} An e-mail was sent instead.` });
    return true;
  }

  /** Writes the e-mail that stands in for a text and says whether there is one now. */
  async instead(em: EntityManager, message: Message, now: Date): Promise<boolean> {
    if (message.channel !== 'sms' || message.family !== 'booking_reminder' || now >= message.expiresAt)
      return false;
    const { customerId } = message;
    const customer = customerId ? await em.findOne(Customer, customerId) : null;
    if (!customer?.email) return false;
    const { bookingId = null, family, revision, expiresAt } = message;
    const common = { customerId: customer.id, bookingId, family, revision, expiresAt, class: message.class };
    const dedupeKey = `instead:${message.id}`;
    await this.writer.write(em, [
      { ...common, channel: 'email', to: customer.email, dueAt: now, dedupeKey, insteadOfId: message.id },
    ]);
    return true;
  }

  /** The end of a message that did not arrive: an e-mail instead of a text, or a flag when nothing else reaches the customer. */
  async afterFailure(em: EntityManager, message: Message, now: Date): Promise<void> {
    const reason = message.reason ?? 'It could not be delivered.';
    if (await this.instead(em, message, now)) message.reason = `${reason} An e-mail was sent instead.`;
    else if (!(await this.goesOtherwise(em, message))) message.flag(now, reason);
  }

  /** A phone that was out of reach gets the same text once more, later. False when it had its second chance. */
  async onceMore(em: EntityManager, message: Message, now: Date): Promise<boolean> {
    const dueAt = new Date(now.getTime() + TRY_AGAIN_AFTER_MS);
    if (message.dedupeKey.startsWith('again:') || message.family === 'inbound' || dueAt >= message.expiresAt)
      return false;
    const { channel, family, revision, expiresAt, automatic, toAddress: to } = message;
    const { customerId = null, bookingId = null, subject = null, body = null, requestedBy = null } = message;
    const { paymentId = null, refundId = null } = message;
    const dedupeKey = `again:${message.id}`;
    const text = family === 'manual' || family === 'test' ? { subject, body } : {};
    const same = {
      channel,
      family,
      revision,
      expiresAt,
      automatic,
      to,
      customerId,
      bookingId,
      paymentId,
      refundId,
      requestedBy,
      class: message.class,
    };
    await this.writer.write(em, [{ ...same, ...text, dueAt, dedupeKey }]);
    return true;
  }

  /** Whether the same is told another way that did not fail too. */
  private async goesOtherwise(em: EntityManager, message: Message): Promise<boolean> {
    const { customerId, bookingId = null, family, revision, channel } = message;
    if (family === 'booking_reminder' || family === 'manual' || !customerId) return false;
    const same = { customerId, bookingId, family, revision };
    const others = { channel: { $ne: channel }, state: { $nin: ['failed', 'undelivered'] } } as const;
    return (await em.count(Message, { ...same, ...others })) > 0;
  }
}
