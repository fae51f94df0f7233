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
import { MessageQuarantine } from './message-quarantine.service.js';
import { MessageReconcile } from './message-reconcile.service.js';

/**
 * Sends one message: begin (transaction A), call, settle (transaction B). A message found begun is reconciled first, and so is
 * one that may have been sent before its database was put back. Waiting for a provider is no failure: only the message's own expiry ends it.
 */
@Injectable()
@HandlesOutbox({ name: 'message.send', topics: ['message.send'], lane: 'messages' })
export class MessageSendHandler implements OutboxHandler {
  constructor(
    private readonly starter: MessageBegin,
    private readonly delivery: MessageDelivery,
    private readonly reconcile: MessageReconcile,
    private readonly quarantine: MessageQuarantine,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { messageId } = effect.payload;
    if (!isUuid(messageId)) throw new Hopeless('an order to send without a message');
    let step = await this.starter.begin(messageId, effect);
    if (step.kind === 'unresolved') {
      if (!(await this.reconcile.resolve(step.unresolved, effect))) return;
      step = await this.starter.begin(messageId, effect);
    }
    if (step.kind === 'doubted') {
      if (!(await this.quarantine.resolve(step.doubted, effect))) return;
      step = await this.starter.begin(messageId, effect, true);
    }
    if (step.kind === 'parked') throw new RetryLater(step.reason, step.afterMs);
    if (step.kind === 'begun') await this.delivery.deliver(step.begun, effect);
  }
}

/** Sends what somebody waits for, such as a code. */
@Injectable()
@HandlesOutbox({ name: 'message.send-now', topics: ['message.send-now'], lane: 'urgent' })
export class UrgentSendHandler extends MessageSendHandler {}
