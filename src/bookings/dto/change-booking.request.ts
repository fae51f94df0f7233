import { OneOf, Text, TimeZone } from '../../common/fields/text.fields.js';
import { Id, Instant, LocalDateField, Nested } from '../../common/fields/value.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { PageQuery } from '../../common/page.js';
import { CANCELLED_FOR, type CancelledFor } from '../bookings.service.js';
import { BOOKING_STATUSES, type BookingStatus } from '../entities/booking.entity.js';
import { BookingRequest, GuestRequest } from './create-booking.request.js';

/** Why a customer cancels; they need not say. */
export class CancelRequest {
  @Text({ max: 500, optional: true }) reason?: string;
}

export class RescheduleRequest {
  @Instant() start!: Date;
  @Id({ optional: true, description: 'Left out: the same person' }) staffId?: string;
}

/** Which days to look for another time on: at most 62, dates local to `timeZone`. */
export class BookingSlotsQuery {
  @LocalDateField() from!: string;
  @LocalDateField({ description: 'Included; at most 62 days after `from`' }) to!: string;
  @Id({ optional: true, description: 'Left out: the same person' }) staffId?: string;
  @TimeZone({
    optional: true,
    description: 'In which the dates are meant and the times are shown; the salon’s by default',
  })
  timeZone?: string;
}

export class StaffCancelRequest {
  @Text({ max: 500 }) reason!: string;
  @OneOf(CANCELLED_FOR, { description: 'Decides about a refund' }) onBehalfOf!: CancelledFor;
}

/** A reason that is kept with what it allowed. */
export class ReasonRequest {
  @Text({ max: 500 }) reason!: string;
}

export class CorrectRequest extends ReasonRequest {
  @OneOf(['completed', 'no_show']) status!: 'completed' | 'no_show';
}

/** The whole price, in the currency of the booking. */
export class PriceRequest extends ReasonRequest {
  @Nested(() => MoneyField) price!: MoneyField;
}

/** Staff book for a known customer, or for somebody new. */
export class StaffBookingRequest extends BookingRequest {
  @Id({ optional: true }) customerId?: string;
  @Nested(() => GuestRequest, { optional: true }) customer?: GuestRequest;
  @Nested(() => ReasonRequest, { optional: true, description: 'Confirm without payment' })
  waive?: ReasonRequest;
  @Nested(() => ReasonRequest, { optional: true, description: 'Go past the limit of active bookings' })
  override?: ReasonRequest;
}

export class BookingListQuery extends PageQuery {
  @LocalDateField({ optional: true, description: 'First day, in the salon’s zone' }) from?: string;
  @LocalDateField({ optional: true, description: 'Last day, in the salon’s zone' }) to?: string;
  @Id({ optional: true }) staffId?: string;
  @Id({ optional: true }) customerId?: string;
  @OneOf(BOOKING_STATUSES, { optional: true }) status?: BookingStatus;
}
