import { FieldRefused } from './domain-error.js';
import type { Cursor } from './page.js';

/** As a page writes it, in years that a database and a calendar both know; anything else was made up. */
const GIVEN_OUT = /^(19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The condition "comes after the cursor" for rows sorted by an instant and then the id, as the entity manager takes it. */
export function beyond(column: string, cursor: Cursor | null, direction: 'asc' | 'desc'): object {
  if (!cursor) return {};
  const at = instantOf(cursor);
  const compared = direction === 'asc' ? '$gt' : '$lt';
  return { $or: [{ [column]: { [compared]: at } }, { [column]: at, id: { [compared]: cursor.id } }] };
}

/** The calendar date a cursor stands at, for rows that are sorted by one. */
export function dateOfCursor(cursor: Cursor): string {
  return instantOf(cursor).toISOString().slice(0, 10);
}

function instantOf({ at }: Cursor): Date {
  if (!GIVEN_OUT.test(at))
    throw new FieldRefused('/cursor', 'cursor', 'is not a cursor that a page gave out');
  return new Date(at);
}
