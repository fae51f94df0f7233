import type { EntityManager } from '@mikro-orm/postgresql';
import { run } from '../database/statement.js';
import { CREATION_LOCK, RESOURCES_LOCK_EXCLUSIVE } from './resource-locks.sql.js';

/**
 * Taken by whoever adds an allocation, before it reads what is free, as a statement of its own: creators may pass side by side (the
 * exclusion constraint sorts them out), a change of the resource's time waits. Contacts come first and alone: what one person has
 * open is counted under them. Held until the transaction ends.
 */
export async function lockToCreate(
  em: EntityManager,
  contacts: readonly string[],
  resourceIds: readonly string[],
): Promise<void> {
  await run(em, CREATION_LOCK, [[...new Set(contacts)].sort(), sorted(resourceIds)]);
}

/**
 * Taken by every other change of a resource's time (a move, time off, hours, external busy time), before it reads or writes, as a
 * statement of its own: without it a booking could slip past the change it never saw. Held until the transaction ends.
 */
export async function lockResourcesExclusively(em: EntityManager, ids: readonly string[]): Promise<void> {
  await run(em, RESOURCES_LOCK_EXCLUSIVE, [sorted(ids)]);
}

/** Everybody locks in the same order, so nobody waits in a circle; upper and lower case name the same resource. */
function sorted(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.toLowerCase()))].sort();
}
