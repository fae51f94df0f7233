import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import type { Cancellation } from '../bookings.service.js';
import { BookingResponse } from './booking.response.js';

class RefundResponse {
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.oneOf(['requested']) status!: 'requested';
}

/** The cancelled booking, and the money that goes back, if any was paid. */
export class CancellationResponse {
  @Out.object(() => BookingResponse) booking!: BookingResponse;
  @Out.object(() => RefundResponse, { nullable: true }) refund!: RefundResponse | null;

  /** For the customer or guest. */
  static forOwner(cancellation: Cancellation): CancellationResponse {
    const shown = CancellationResponse.from(cancellation);
    return { ...shown, booking: BookingResponse.forOwner(cancellation.booking) };
  }

  static from({ booking, refund }: Cancellation): CancellationResponse {
    return {
      booking: BookingResponse.from(booking),
      refund: refund && { amount: MoneyField.of(refund.amountMinor, refund.currency), status: 'requested' },
    };
  }
}
