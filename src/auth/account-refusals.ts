import { violates } from '../database/errors.js';
import { AddressTaken, UnknownCalendar } from './auth.errors.js';

/** What the database refused about an account, in our words; anything else goes on as it is. */
export function refusedByName(error: unknown): never {
  if (violates(error, 'account_email_unique')) throw new AddressTaken();
  if (violates(error, 'account_resource_exists')) throw new UnknownCalendar();
  throw error;
}
