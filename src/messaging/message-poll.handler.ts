import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { ChannelRegistry } from './channel.registry.js';
import { Message } from './entities/message.entity.js';
import { MessageStatus } from './message-status.service.js';
import { MESSAGE_ORPHANED, MESSAGE_WITHOUT_END } from './messaging.sql.js';
import { messagePoll, messageResolve } from './messaging.events.js';

const SWEEP_MS = 60_000;

/** Asks the provider about messages whose callbacks were lost, each at most once an hour. */
@Injectable()
@HandlesOutbox({ name: 'message.poll', topics: ['message.poll'], maxFailures: 4, lane: 'messages' })
export class MessagePollHandler implements OutboxHandler, OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly recurring: RecurringWork,
    private readonly channels: ChannelRegistry,
    private readonly status: MessageStatus,
  ) {}

  onModuleInit(): void {
    this.recurring.every(SWEEP_MS, 'messages', () => this.sweep());
  }

  /** Writes an order for each message that nobody has heard of; the orders' keys make it safe on any number of nodes. */
  async sweep(): Promise<number> {
    return this.database.transact(WORKER, async (em) => {
      const silent = await run<{ id: string; hour: string }>(em, MESSAGE_WITHOUT_END);
      const orphaned = await run<{ id: string; hour: string }>(em, MESSAGE_ORPHANED);
      const orders = [
        ...silent.map(({ id, hour }) => messagePoll(id, hour)),
        ...orphaned.map(({ id, hour }) => messageResolve(id, hour)),
      ];
      if (orders.length > 0) await this.outbox.add(em, ...orders);
      return orders.length;
    });
  }

  async handle(effect: Effect): Promise<void> {
    const { messageId } = effect.payload;
    if (!isUuid(messageId)) throw new Hopeless('an order to ask without a message');
    const message = await this.database.transact(WORKER, (em) => em.findOne(Message, messageId));
    if (!message?.providerId || message.finalAt) return;
    const known = await this.channels.of(message.channel).fetch(message.providerId);
    if (!known) return;
    const { providerId, state, errorCode } = known;
    await this.database.transact(WORKER, async (em, now) => {
      await this.status.apply(em, { messageId, providerId, state, errorCode }, now);
      await effect.settle(em);
    });
  }
}
