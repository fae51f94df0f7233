import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import type { ProviderState } from './channel.port.js';
import { ChannelRegistry } from './channel.registry.js';
import { Message } from './entities/message.entity.js';
import { MessageFallback } from './message-fallback.service.js';
import { movedTo } from './moved-values.js';
import { MESSAGE_REPORTED } from './messaging.sql.js';

/** Word from the provider about one message. `messageId` is ours, where the callback carried it. */
export interface StatusNews {
  readonly messageId: string | null;
  readonly providerId: string;
  readonly state: ProviderState;
  readonly errorCode: number | null;
}

/** Which of a provider's deliveries it came with, known there by its id. */
export interface Report {
  readonly provider: string;
  readonly id: string;
}

/** Whether it did not arrive, and will not. */
export function isFailure(state: ProviderState): boolean {
  return state === 'undelivered' || state === 'failed';
}

/** Takes in what providers report, late, twice or out of order, inside the caller's transaction. */
@Injectable()
export class MessageStatus {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelRegistry,
    private readonly fallback: MessageFallback,
  ) {}

  /**
   * Takes a report that all is well, once, in a transaction of its own. False, and nothing is written, where more than this is to be
   * done: it knows the message by the provider's id only, or another one under that id.
   */
  async takeOnce(
    actor: Actor,
    { messageId, providerId, state }: StatusNews,
    report: Report,
  ): Promise<boolean> {
    if (messageId === null) return false;
    const values = [...movedTo(messageId, { providerId, state }), newId(), report.provider, report.id];
    return (await this.database.execute(actor, MESSAGE_REPORTED, values)).length > 0;
  }

  /** Nothing when the message is not ours. A report may know the message before our own transaction does. */
  async apply(em: EntityManager, news: StatusNews, now: Date): Promise<void> {
    const message = await this.find(em, news);
    if (message) await this.take(em, message, news, now);
  }

  /** The message a report is about, locked. */
  async find(em: EntityManager, { messageId, providerId }: StatusNews): Promise<Message | null> {
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE } as const;
    const byId =
      messageId === null ? null : await em.findOne(Message, { id: messageId, direction: 'out' }, lock);
    return byId ?? em.findOne(Message, { providerId }, lock);
  }

  /** What the report says of a message that was found for it. */
  async take(em: EntityManager, message: Message, news: StatusNews, now: Date): Promise<void> {
    if (message.providerId && message.providerId !== news.providerId) {
      message.flag(
        now,
        'It reached the provider twice: an attempt that was thought lost had been taken after all.',
      );
      return;
    }
    message.providerId = news.providerId;
    const failed = isFailure(news.state);
    const { reason, isPassing } = this.channels.of(message.channel).explain(news.errorCode);
    const moved = message.moveTo(news.state, now, failed ? { reason, errorCode: news.errorCode } : {});
    if (moved && failed) await this.failed(em, message, isPassing, now);
  }

  private async failed(em: EntityManager, message: Message, isPassing: boolean, now: Date): Promise<void> {
    if (isPassing && (await this.fallback.onceMore(em, message, now))) {
      message.reason = `${message.reason} It is sent once more in 15 minutes.`;
      return;
    }
    await this.fallback.afterFailure(em, message, now);
  }
}
