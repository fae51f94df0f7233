import type { FilterQuery } from '@mikro-orm/core';
import type { Actor } from '../common/actor.js';
import { NOBODYS_ID } from '../common/ids.js';
import type { Message } from './entities/message.entity.js';

/** The part of the *where* that says whose messages an actor may read: customers their own, since the number is theirs. */
export function messagesOf(actor: Actor): FilterQuery<Message> {
  if (actor.kind === 'staff') return {};
  if (actor.kind !== 'customer') return { id: NOBODYS_ID };
  const { customerId, historyFrom } = actor;
  return { customerId, ...(historyFrom ? { createdAt: { $gte: historyFrom } } : {}) };
}
