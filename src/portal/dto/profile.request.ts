import { Locale, Text, TimeZone } from '../../common/fields/text.fields.js';
import { Id, LocalDateField } from '../../common/fields/value.fields.js';
import type { ProfileChange } from '../../customers/customers.types.js';

/** What changes; null clears. Contacts change by a code: `POST …/contacts`. */
export class ChangeProfileRequest {
  @Text({ max: 120, optional: true, example: 'Ada Lovelace' }) name?: string;
  @LocalDateField({ optional: true, nullable: true }) birthday?: string | null;
  @TimeZone({ optional: true, nullable: true }) timeZone?: string | null;
  @Locale({ optional: true }) locale?: string;
  @Id({ optional: true, nullable: true, description: 'An id of `GET /api/staff`' })
  preferredStaffId?: string | null;
  @Text({ max: 2000, optional: true, nullable: true, description: 'For the salon to know' })
  notesToSalon?: string | null;

  static changeOf({ preferredStaffId, ...rest }: ChangeProfileRequest): ProfileChange {
    return preferredStaffId === undefined ? rest : { ...rest, preferredResourceId: preferredStaffId };
  }
}
