import { Injectable } from '@nestjs/common';
import type { CustomerActor, StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { Database } from '../database/database.service.js';
import type { MessagesQuery } from './dto/message.request.js';
import { MessageAttempt } from './entities/message-attempt.entity.js';
import { Message, type StoredState } from './entities/message.entity.js';
import { messagesOf } from './message.scope.js';
import type { MessageChannel } from './text/families.js';

/** A message with every call that was made for it, oldest first. */
export interface MessageHistory {
  readonly message: Message;
  readonly attempts: readonly MessageAttempt[];
}

/** What staff read of messages. */
@Injectable()
export class MessageQueries {
  constructor(private readonly database: Database) {}

  /** Newest first; reads one row more than the page shows. */
  async list(actor: StaffActor, query: MessagesQuery): Promise<Message[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, (em) =>
      em.find(
        Message,
        {
          ...(query.state ? { state: query.state as StoredState } : {}), // one of STORED_STATES by validation
          ...(query.channel ? { channel: query.channel as MessageChannel } : {}), // likewise
          ...(query.direction ? { direction: query.direction as 'in' | 'out' } : {}), // likewise
          ...(query.bookingId ? { bookingId: query.bookingId } : {}),
          ...(query.customerId ? { customerId: query.customerId } : {}),
          ...(query.flagged === undefined ? {} : { flaggedAt: query.flagged ? { $ne: null } : null }),
          ...(cursor
            ? {
                $or: [
                  { createdAt: { $lt: new Date(cursor.at) } },
                  { createdAt: new Date(cursor.at), id: { $lt: cursor.id } },
                ],
              }
            : {}),
        },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      ),
    );
  }

  /** Texts and e-mails between the salon and one customer that were or will be sent, newest first. */
  async listOf(actor: CustomerActor | StaffActor, customerId: string, query: PageQuery): Promise<Message[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, (em) =>
      em.find(
        Message,
        {
          $and: [
            { customerId, class: { $ne: 'staff' } },
            messagesOf(actor),
            beyond('createdAt', cursor, 'desc'),
          ],
        },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      ),
    );
  }

  /** Throws NotFound. */
  async get(actor: StaffActor, id: string): Promise<MessageHistory> {
    return this.database.transact(actor, async (em) => {
      const message = await em.findOne(Message, id);
      if (!message) throw new NotFound();
      return {
        message,
        attempts: await em.find(MessageAttempt, { messageId: id }, { orderBy: { number: 'asc' } }),
      };
    });
  }
}
