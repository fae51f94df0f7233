import { v7 } from 'uuid';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** No row's: a condition on it finds nothing. */
export const NOBODYS_ID = '00000000-0000-0000-0000-000000000000';

/** A new UUIDv7: ordered by the moment it was made, so indexes grow at one end. */
export function newId(): string {
  return v7();
}

/** Whether the text is a UUID of any version; an id that is not one can name nothing. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** Proves to the compiler that a list element is there where the code before made sure of it. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`${what} is missing`);
  return value;
}
