import { Out } from '../../common/fields/response.fields.js';
import { shownText, type Consents } from '../../customers/consent.types.js';
import { CONSENT_PURPOSES, type ConsentPurpose } from '../../customers/entities/consent.entity.js';
import type { Customer } from '../../customers/entities/customer.entity.js';

/** Who a customer is, as they see it; what staff noted about them is not theirs to read here. */
export class ProfileResponse {
  @Out.id() id!: string;
  @Out.text({ example: 'Ada Lovelace' }) name!: string;
  @Out.text({ nullable: true, example: '+15005550100' }) phone!: string | null;
  @Out.bool({ description: 'Proven by a code' }) phoneVerified!: boolean;
  @Out.text({ nullable: true, example: 'ada@example.com' }) email!: string | null;
  @Out.bool({ description: 'Proven by a code' }) emailVerified!: boolean;
  @Out.date({ nullable: true }) birthday!: string | null;
  @Out.text({ nullable: true, description: 'Null: the salon’s' }) timeZone!: string | null;
  @Out.text({ description: 'Language and region' }) locale!: string;
  @Out.id({ nullable: true, description: 'Who of the staff is asked for first' }) preferredStaffId!:
    | string
    | null;
  @Out.text({ nullable: true, description: 'For the salon to know', example: 'I am allergic to henna' })
  notesToSalon!: string | null;
  @Out.instant() createdAt!: string;
  @Out.int() version!: number;

  static from(this: void, customer: Readonly<Customer>): ProfileResponse {
    return {
      id: customer.id,
      name: customer.name,
      phone: customer.phone ?? null,
      phoneVerified: Boolean(customer.phoneVerifiedAt),
      email: customer.email ?? null,
      emailVerified: Boolean(customer.emailVerifiedAt),
      birthday: customer.birthday ?? null,
      timeZone: customer.timeZone ?? null,
      locale: customer.locale,
      preferredStaffId: customer.preferredResourceId ?? null,
      notesToSalon: customer.notesToSalon ?? null,
      createdAt: customer.createdAt.toISOString(),
      version: customer.version,
    };
  }
}

/** One purpose: the words that are shown today, and what the customer said of it last. */
class ConsentResponse {
  @Out.oneOf(CONSENT_PURPOSES) purpose!: ConsentPurpose;
  @Out.bool({ nullable: true, description: 'Null: never asked' }) granted!: boolean | null;
  @Out.text({ description: 'What a decision made now would be about' }) text!: string;
  @Out.text({ example: 'reminder-sms-1' }) textVersion!: string;
}

export class ConsentsResponse {
  @Out.list(() => ConsentResponse) data!: ConsentResponse[];

  static from(consents: Consents): ConsentsResponse {
    const data = CONSENT_PURPOSES.map((purpose) => {
      const { text, version: textVersion } = shownText(purpose);
      return { purpose, granted: consents[purpose] ?? null, text, textVersion };
    });
    return { data };
  }
}
