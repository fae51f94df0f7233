import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { KeptForMonths, type KeptForATime } from '../database/retention.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { messageForget } from './messaging.events.js';
import { MESSAGE_PAST_COUNT, MESSAGE_PAST_CUT } from './retention.sql.js';

/** Contacts and texts of old messages go, at the provider too; that one was sent, when, and how it went stays. */
@Injectable()
@KeptForMonths('messages')
export class MessageRetention implements KeptForATime {
  constructor(private readonly outbox: Outbox) {}

  async count(em: EntityManager, months: number): Promise<number> {
    const [found] = await run<{ rows: number }>(em, MESSAGE_PAST_COUNT, [months]);
    return found?.rows ?? 0;
  }

  async cut(em: EntityManager, months: number, most: number): Promise<number> {
    const cut = await run<{ id: string; at_provider: boolean }>(em, MESSAGE_PAST_CUT, [months, most]);
    const theirs = cut.filter((message) => message.at_provider);
    await this.outbox.add(em, ...theirs.map(({ id }) => messageForget(id)));
    return cut.length;
  }
}
