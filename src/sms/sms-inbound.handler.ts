import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BookingsService } from '../bookings/bookings.service.js';
import { Business } from '../business/entities/business.entity.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { Message } from '../messaging/entities/message.entity.js';
import { LINK_MARK } from '../messaging/message-text.service.js';
import { MessageWriter } from '../messaging/message-writer.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { classifyInbound } from './rules/keywords.js';

const ANSWER_LIVES_MS = 3_600_000;

/** Answers what a text asked for. STOP and START took effect when the text came in; what is no keyword waits for people. */
@Injectable()
@HandlesOutbox({ name: 'sms.inbound', topics: ['sms.inbound'] })
export class SmsInboundHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly writer: MessageWriter,
    private readonly config: Config,
    private readonly bookings: BookingsService,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { messageId } = effect.payload;
    if (!isUuid(messageId)) throw new Hopeless('an inbound text without a row');
    await this.database.transact(WORKER, async (em, now) => {
      const text = await em.findOneOrFail(Message, { id: messageId, direction: 'in' });
      await this.act(em, text, now);
      await effect.settle(em);
    });
  }

  private async act(em: EntityManager, text: Message, now: Date): Promise<void> {
    const intent = classifyInbound(text.body ?? '', { optedOut: false });
    if (intent === 'help' && this.config.twilio.helpReply === 'app')
      await this.answer(em, text, now, await this.helpText(em));
    if (intent === 'confirm' && !text.reason?.includes('opted in')) await this.confirm(text, now);
    if (intent === 'reschedule') await this.sendLink(em, text, now);
  }

  /** The customer comes: noted on the booking, which otherwise stays as it is. */
  private async confirm(text: Message, now: Date): Promise<void> {
    const isNoted = text.bookingId && (await this.bookings.confirmAttendance(WORKER, text.bookingId));
    if (!isNoted) text.flag(now, 'They confirm an appointment that we cannot find.');
  }

  private async sendLink(em: EntityManager, text: Message, now: Date): Promise<void> {
    if (!text.bookingId) return text.flag(now, 'They want to change an appointment that we cannot find.');
    const { name } = await em.findOneOrFail(Business, { singleton: true });
    await this.answer(em, text, now, `Change or cancel your appointment here: ${LINK_MARK} - ${name}`);
  }

  private async helpText(em: EntityManager): Promise<string> {
    const { name, phone, email } = await em.findOneOrFail(Business, { singleton: true });
    const contact = [phone, email].filter((way) => way).join(', ');
    return `${name}: appointment messages. ${contact === '' ? '' : `Contact: ${contact}. `}Reply STOP to end texts.`;
  }

  private async answer(em: EntityManager, text: Message, now: Date, body: string): Promise<void> {
    const { customerId = null, bookingId = null, toAddress: to } = text;
    const expiresAt = new Date(now.getTime() + ANSWER_LIVES_MS);
    const about = {
      customerId,
      bookingId,
      channel: 'sms',
      family: 'manual',
      class: 'transactional',
      revision: 1,
    } as const;
    await this.writer.write(em, [
      { ...about, to, body, dueAt: now, expiresAt, dedupeKey: `answer:${text.id}` },
    ]);
  }
}
