import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { MessageStatus } from '../messaging/message-status.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { providerStateOf } from './rules/twilio-states.js';

/** Applies the report of a failure: upwards only, so that duplicates and disorder do no harm. */
@Injectable()
@HandlesOutbox({ name: 'sms.status', topics: ['sms.status'] })
export class SmsStatusHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly status: MessageStatus,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { messageId, providerId, status, errorCode } = effect.payload;
    if (typeof providerId !== 'string' || typeof status !== 'string')
      throw new Hopeless('a report about nothing');
    const news = {
      messageId: isUuid(messageId) ? messageId : null,
      providerId,
      state: providerStateOf(status),
      errorCode: typeof errorCode === 'number' ? errorCode : null,
    };
    await this.database.transact(WORKER, async (em, now) => {
      // A message of another system on the same account is none of our business.
      await this.status.apply(em, news, now);
      await effect.settle(em);
    });
  }
}
