import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import {
  HandlesOutbox,
  Hopeless,
  RetryLater,
  type Effect,
  type OutboxHandler,
} from '../outbox/outbox.types.js';
import { MessageBegin } from './message-begin.service.js';
import { MessageDelivery } from './message-delivery.service.js';
import { MessageReconcile } from './message-reconcile.service.js';

/**
 * Sends one message: begin (transaction A), call, settle (transaction B). A message found begun is reconciled first. Waiting
 * for a provider is no failure: only the message's own expiry ends it.
 */
@Injectable()
@HandlesOutbox({ name: 'message.send', topics: ['message.send'], lane: 'messages' })
export class MessageSendHandler implements OutboxHandler {
  constructor(
    private readonly starter: MessageBegin,
    private readonly delivery: MessageDelivery,
    private readonly reconcile: MessageReconcile,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { messageId } = effect.payload;
    if (!isUuid(messageId)) throw new Hopeless('an order to send without a message');
    const ticket = effect;
    const first = await this.starter.begin(messageId, ticket);
    if (first.kind === 'parked') throw new RetryLater(first.reason, first.afterMs);
    if (first.kind === 'begun') return void (await this.delivery.deliver(first.begun, ticket));
    if (first.kind === 'done') return;
    if (!(await this.reconcile.resolve(first.unresolved, ticket))) return;
    const second = await this.starter.begin(messageId, ticket);
    if (second.kind === 'parked') throw new RetryLater(second.reason, second.afterMs);
    if (second.kind === 'begun') await this.delivery.deliver(second.begun, ticket);
  }
}

/** Sends what somebody waits for, such as a code. */
@Injectable()
@HandlesOutbox({ name: 'message.send-now', topics: ['message.send-now'], lane: 'urgent' })
export class UrgentSendHandler extends MessageSendHandler {}
