import type { FilterQuery } from '@mikro-orm/core';
import type { Actor } from '../common/actor.js';
import type { Message } from './entities/message.entity.js';

const NOBODYS = '00000000-0000-0000-0000-000000000000';

/** The part of the *where* that says whose messages an actor may read: customers their own, since the number is theirs. */
export function messagesOf(actor: Actor): FilterQuery<Message> {
  if (actor.kind === 'staff') return {};
  if (actor.kind !== 'customer') return { id: NOBODYS };
  const { customerId, historyFrom } = actor;
  return { customerId, ...(historyFrom ? { createdAt: { $gte: historyFrom } } : {}) };
}
