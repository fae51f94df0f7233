import { Injectable } from '@nestjs/common';
import { OneTimeCodes } from '../auth/one-time-codes.service.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { MessageWriter } from './message-writer.service.js';
import { messageSendNow } from './messaging.events.js';
import { DEDUPE } from './rules/dedupe-keys.js';

/** Writes down the message that brings a code; a code that nobody could use any more is not sent. */
@Injectable()
@HandlesOutbox({ name: 'messaging.code', topics: ['code.asked'], lane: 'urgent' })
export class CodeHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly codes: OneTimeCodes,
    private readonly writer: MessageWriter,
    private readonly outbox: Outbox,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { codeId } = effect.payload;
    if (!isUuid(codeId)) throw new Hopeless('an order for a code without a challenge');
    await this.database.transact(WORKER, async (em, now) => {
      const code = await this.codes.toSend(em, codeId);
      if (code) {
        const about = {
          customerId: null,
          bookingId: null,
          family: 'one_time_code',
          class: 'transactional',
        } as const;
        const times = { dueAt: now, expiresAt: new Date(now.getTime() + code.leftMs) };
        const message = { ...about, ...times, channel: code.channel, to: code.contact, codeId, revision: 1 };
        const added = await this.writer.write(em, [{ ...message, dedupeKey: DEDUPE.code(codeId) }], {
          send: false,
        });
        await this.outbox.add(em, ...added.map(messageSendNow));
      }
      await effect.settle(em);
    });
  }
}
