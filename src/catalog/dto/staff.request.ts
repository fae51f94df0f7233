import { Email, Phone, Text } from '../../common/fields/text.fields.js';
import { Bool, Id, Int, ListOf } from '../../common/fields/value.fields.js';
import { LARGEST_AMOUNT } from '../../common/money.response.js';
import type { Offer, StaffChange } from '../catalog.types.js';
import { LONGEST_SERVICE_MINUTES } from '../entities/service.entity.js';

/** Somebody new; contacts are for the salon only. */
export class CreateStaffRequest implements StaffChange {
  @Text({ max: 120, example: 'Grace Hopper' }) name!: string;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @Phone({ optional: true, nullable: true }) phone?: string | null;
}

/** What changes; null clears a contact. */
export class ChangeStaffRequest implements StaffChange {
  @Text({ max: 120, optional: true, example: 'Grace Hopper' }) name?: string;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @Phone({ optional: true, nullable: true }) phone?: string | null;
  @Bool({ optional: true, description: 'false: no new bookings' }) active?: boolean;
}

/** A service the person offers. */
export class OfferField implements Offer {
  @Id() serviceId!: string;
  @Int({
    min: 5,
    max: LONGEST_SERVICE_MINUTES,
    optional: true,
    nullable: true,
    description: 'Where it differs from the service’s',
  })
  durationMinutes?: number | null;
  @Int({
    min: 0,
    max: LARGEST_AMOUNT,
    optional: true,
    nullable: true,
    description: 'In minor units, where it differs from the service’s',
  })
  priceAmount?: number | null;
}

/** Everything the person offers, in place of what it was. */
export class SetOffersRequest {
  @ListOf(() => OfferField) services!: OfferField[];
}
