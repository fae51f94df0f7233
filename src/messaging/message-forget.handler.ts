import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { ChannelRegistry } from './channel.registry.js';
import { Message } from './entities/message.entity.js';

/** Has the provider delete a message of somebody who was forgotten; deleting it twice is harmless. */
@Injectable()
@HandlesOutbox({ name: 'message.forget', topics: ['message.forget'], lane: 'messages' })
export class MessageForgetHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRegistry,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { messageId } = effect.payload;
    if (!isUuid(messageId)) throw new Hopeless('an order to forget without a message');
    const message = await this.database.transact(WORKER, (em) => em.findOne(Message, messageId));
    if (message?.providerId) await this.channels.of(message.channel).forget(message.providerId);
  }
}
