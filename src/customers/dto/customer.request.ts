import { Email, Locale, Phone, Text, TimeZone } from '../../common/fields/text.fields.js';
import { PageQuery } from '../../common/page.js';
import type { CustomerChange, NewCustomer } from '../customers.types.js';

const NOTES = { max: 4_000, optional: true, nullable: true, description: 'For staff only' };

/** Which customers to list. */
export class CustomersQuery extends PageQuery {
  @Text({ max: 100, optional: true, description: 'Beginning of a name or e-mail, or part of a phone number' })
  search?: string;
}

/** Somebody who came in or called; contacts count as unverified. */
export class CreateCustomerRequest implements NewCustomer {
  @Text({ max: 120, example: 'Ada Lovelace' }) name!: string;
  @Phone({ optional: true, nullable: true }) phone?: string | null;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @TimeZone({ optional: true, nullable: true }) timeZone?: string | null;
  @Locale({ optional: true }) locale?: string;
  @Text(NOTES) notes?: string | null;
}

/** What changes; null clears a contact, the zone or the notes. */
export class ChangeCustomerRequest implements CustomerChange {
  @Text({ max: 120, optional: true, example: 'Ada Lovelace' }) name?: string;
  @Phone({ optional: true, nullable: true }) phone?: string | null;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @TimeZone({ optional: true, nullable: true }) timeZone?: string | null;
  @Locale({ optional: true }) locale?: string;
  @Text(NOTES) notes?: string | null;
}
