import { Email, Locale, Phone, Text, TimeZone } from '../../common/fields/text.fields.js';
import { Bool, Id, Instant, Nested } from '../../common/fields/value.fields.js';
import type { ConsentPurpose } from '../../customers/entities/consent.entity.js';
import type { BookCommand, GuestContact } from '../booking-command.types.js';

/** Who a guest is: a name, and a phone or an e-mail to reach them by. */
export class GuestRequest {
  @Text({ max: 120, example: 'Ada Lovelace' }) name!: string;
  @Phone({ optional: true, description: 'Needed unless an e-mail is given' }) phone?: string;
  @Email({ optional: true, description: 'Needed unless a phone is given' }) email?: string;
  @TimeZone({ optional: true }) timeZone?: string;
  @Locale({ optional: true }) locale?: string;

  static contact(request: GuestRequest): GuestContact {
    return {
      name: request.name,
      phone: request.phone ?? null,
      email: request.email ?? null,
      timeZone: request.timeZone ?? null,
      locale: request.locale ?? null,
    };
  }
}

/** Yes or no for each purpose; what is left out was not asked. */
export class ConsentsRequest {
  @Bool({ optional: true }) transactional_sms?: boolean;
  @Bool({ optional: true }) reminder_sms?: boolean;
  @Bool({ optional: true }) marketing_sms?: boolean;
  @Bool({ optional: true }) marketing_email?: boolean;
  @Bool({ optional: true, description: 'To be invited to the event in the salon’s Google Calendar' })
  calendar_invitation?: boolean;
}

/** What every booking is made from. */
export class BookingRequest {
  @Id() serviceId!: string;
  @Id({ optional: true, description: 'Left out: whoever is free and has least to do' }) staffId?: string;
  @Instant({ description: 'One of the starts of `GET /api/slots`' }) start!: Date;
  @Nested(() => ConsentsRequest, { optional: true }) consents?: ConsentsRequest;
  @Text({ max: 2000, optional: true }) notes?: string;
}

/** A booking for oneself. `customer` is for visitors without an account, and only for them. */
export class CreateBookingRequest extends BookingRequest {
  @Nested(() => GuestRequest, { optional: true }) customer?: GuestRequest;
}

/** The command behind a request. */
export function commandOf(request: BookingRequest): BookCommand {
  const consents: Partial<Record<ConsentPurpose, boolean>> = { ...request.consents };
  return {
    serviceId: request.serviceId,
    staffId: request.staffId ?? null,
    start: request.start,
    notes: request.notes ?? null,
    consents,
  };
}
