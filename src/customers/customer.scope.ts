import type { FilterQuery } from '@mikro-orm/core';
import type { CustomerActor, StaffActor } from '../common/actor.js';
import type { Customer } from './entities/customer.entity.js';

/** The part of the *where* that says whose portal an actor may enter: customers their own, the desk everybody's. */
export function personOf(actor: CustomerActor | StaffActor): FilterQuery<Customer> {
  return actor.kind === 'customer' ? { id: actor.customerId } : {};
}
