import type { FilterQuery } from '@mikro-orm/core';
import type { Actor } from '../common/actor.js';
import { NOBODYS_ID } from '../common/ids.js';
import type { Customer } from './entities/customer.entity.js';

/** Whose portal an actor may enter: customers their own, the desk everybody's, which is null, nobody else any. */
export function personIdOf(actor: Actor): string | null {
  if (actor.kind === 'staff') return null;
  return actor.kind === 'customer' ? actor.customerId : NOBODYS_ID;
}

/** The part of the *where* that says so, as the entity manager takes it. */
export function personOf(actor: Actor): FilterQuery<Customer> {
  const id = personIdOf(actor);
  return id === null ? {} : { id };
}
