import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { ownRows } from '../../database/policies.js';
import type { CustomerChange, ProfileChange } from '../customers.types.js';

const CustomerSchema = defineEntity({
  name: 'Customer',
  ...ownRows('customer_own_rows', { customer: 'id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    name: p.string().length(120),
    phone: p.string().length(20).nullable(),
    email: p.string().length(254).nullable(),
    phoneVerifiedAt: p.datetime().nullable(),
    emailVerifiedAt: p.datetime().nullable(),
    /** Since when the number has surely had the same holder: numbers are given to somebody else after a rest. */
    phoneHeldSince: p.datetime().nullable(),
    birthday: p.date().nullable(),
    preferredResourceId: p.uuid().nullable(),
    timeZone: p.string().length(64).nullable(),
    locale: p.string().length(35).default('en-US'),
    /** What staff wrote down; theirs alone. */
    notes: p.text().nullable(),
    /** What the customer wants the salon to know. */
    notesToSalon: p.text().nullable(),
    /** Why the law wants the data kept for now: nothing is erased meanwhile. For staff. */
    legalHold: p.string().length(500).nullable(),
    mergedIntoId: p.uuid().nullable(),
    erasedAt: p.datetime().nullable(),
    createdAt: p.datetime(3).defaultRaw('now()'),
    version: p.integer().version(),
  },
  indexes: [
    {
      name: 'customer_verified_phone_unique',
      expression:
        'create unique index customer_verified_phone_unique on customer (phone) where phone_verified_at is not null',
    },
    {
      name: 'customer_verified_email_unique',
      expression:
        'create unique index customer_verified_email_unique on customer (email) where email_verified_at is not null',
    },
    { name: 'customer_phone', properties: ['phone'] },
    { name: 'customer_email', properties: ['email'] },
    { name: 'customer_created', properties: ['createdAt', 'id'] },
  ],
  checks: [
    { name: 'customer_phone_is_e164', expression: `phone is null or phone ~ '^[+][1-9][0-9]{6,14}$'` },
    { name: 'customer_email_is_lower_case', expression: 'email is null or email = lower(email)' },
    {
      name: 'customer_verified_contact_exists',
      expression:
        '(phone_verified_at is null or phone is not null) and (email_verified_at is null or email is not null)',
    },
    { name: 'customer_held_is_not_erased', expression: 'legal_hold is null or erased_at is null' },
    {
      name: 'customer_erased_is_nobody',
      expression: `erased_at is null or (name = 'Erased' and num_nonnulls(phone, email, birthday, notes, notes_to_salon, time_zone) = 0)`,
    },
    {
      name: 'customer_phone_is_held_once_verified',
      expression: 'phone_held_since is null or phone_verified_at is not null',
    },
  ],
});

/**
 * A number rests at least 45 days before somebody else gets it (47 CFR 52.15(f)(1)(ii)): who proves it again within that
 * time is who proved it before, and what was done with it in the 45 days before a proof was done by nobody else.
 */
const NUMBER_RESTS_MS = 45 * 86_400_000;

/** A person who books. A guest's row has unverified contacts and belongs to that guest's bookings alone. */
export class Customer extends CustomerSchema.class {
  /** Takes over what is named. A contact that becomes another one is no longer verified. */
  change({ name, phone, email, timeZone, locale, notes }: CustomerChange): void {
    if (phone !== undefined && phone !== this.phone) {
      this.phone = phone;
      this.phoneVerifiedAt = null;
      this.phoneHeldSince = null;
    }
    if (email !== undefined && email !== this.email) {
      this.email = email;
      this.emailVerifiedAt = null;
    }
    if (name !== undefined) this.name = name;
    if (timeZone !== undefined) this.timeZone = timeZone;
    if (locale !== undefined) this.locale = locale;
    if (notes !== undefined) this.notes = notes;
  }

  /** Takes over what is named. */
  changeProfile(change: ProfileChange): void {
    const { name, timeZone, locale, birthday, preferredResourceId, notesToSalon } = change;
    if (name !== undefined) this.name = name;
    if (timeZone !== undefined) this.timeZone = timeZone;
    if (locale !== undefined) this.locale = locale;
    if (birthday !== undefined) this.birthday = birthday;
    if (preferredResourceId !== undefined) this.preferredResourceId = preferredResourceId;
    if (notesToSalon !== undefined) this.notesToSalon = notesToSalon;
  }

  /** Takes over a contact whose code the customer has told. */
  prove(channel: 'sms' | 'email', contact: string, now: Date): void {
    if (channel === 'email') {
      if (this.email !== contact) this.emailVerifiedAt = null;
      this.email = contact;
      this.emailVerifiedAt ??= now;
      return;
    }
    const last = this.phone === contact ? this.phoneVerifiedAt : null;
    const isKept = last && now.getTime() - last.getTime() <= NUMBER_RESTS_MS;
    if (!isKept) this.phoneHeldSince = new Date(now.getTime() - NUMBER_RESTS_MS);
    this.phone = contact;
    this.phoneVerifiedAt = now;
  }

  /** Whether the e-mail address was proven before the number may have changed hands: its holder is the one from then. */
  isKnownByEmail(): boolean {
    const { emailVerifiedAt, phoneHeldSince } = this;
    if (!emailVerifiedAt) return false;
    return !phoneHeldSince || emailVerifiedAt.getTime() < phoneHeldSince.getTime() + NUMBER_RESTS_MS;
  }
}
CustomerSchema.setClass(Customer);
