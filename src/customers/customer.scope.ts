import type { FilterQuery } from '@mikro-orm/core';
import type { Actor } from '../common/actor.js';
import type { Customer } from './entities/customer.entity.js';

const NOBODYS = '00000000-0000-0000-0000-000000000000';

/** The part of the *where* that says whose portal an actor may enter: customers their own, the desk everybody's, nobody else any. */
export function personOf(actor: Actor): FilterQuery<Customer> {
  if (actor.kind === 'staff') return {};
  return { id: actor.kind === 'customer' ? actor.customerId : NOBODYS };
}
