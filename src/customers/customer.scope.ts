import type { FilterQuery } from '@mikro-orm/core';
import type { Actor } from '../common/actor.js';
import { NOBODYS_ID } from '../common/ids.js';
import type { Customer } from './entities/customer.entity.js';

/** The part of the *where* that says whose portal an actor may enter: customers their own, the desk everybody's, nobody else any. */
export function personOf(actor: Actor): FilterQuery<Customer> {
  if (actor.kind === 'staff') return {};
  return { id: actor.kind === 'customer' ? actor.customerId : NOBODYS_ID };
}
