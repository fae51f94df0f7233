import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { formatWithOffset } from '../../common/time/format.js';
import type { OwnAction } from '../own-actions.js';
import type { UpcomingBooking } from '../own-bookings.service.js';
import { REFUND_RULES, type RefundQuote, type RefundRule } from '../refund-quote.types.js';
import { BookingResponse } from './booking.response.js';

/** What a cancellation would give back now. */
class RefundQuoteResponse {
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.object(() => MoneyField) kept!: MoneyField;
  @Out.oneOf(REFUND_RULES) rule!: RefundRule;
  @Out.text({ example: 'Cancelled 30 hours before the appointment: 100 % goes back.' }) explanation!: string;

  static from(quote: RefundQuote, currency: string): RefundQuoteResponse {
    const { refundMinor, keptMinor, rule, explanation } = quote;
    return {
      ...{ rule, explanation },
      amount: MoneyField.of(refundMinor, currency),
      kept: MoneyField.of(keptMinor, currency),
    };
  }
}

class ActionResponse {
  @Out.bool() allowed!: boolean;
  @Out.instant({ nullable: true, description: 'The last instant; null where no time ends it' }) until!:
    | string
    | null;
  @Out.text({
    nullable: true,
    description: 'The code under which it is refused',
    example: 'reschedule-limit',
  })
  reason!: string | null;
}

class CancelActionResponse extends ActionResponse {
  @Out.object(() => RefundQuoteResponse, { description: 'What a cancellation would give back now' })
  refund!: RefundQuoteResponse;
}

class RescheduleActionResponse extends ActionResponse {
  @Out.int({ description: 'How often it may still be moved online', example: 3 }) movesLeft!: number;
}

class PayActionResponse extends ActionResponse {
  @Out.object(() => MoneyField, { description: 'What would be asked for next' }) amount!: MoneyField;
}

class ActionsResponse {
  @Out.object(() => CancelActionResponse) cancel!: CancelActionResponse;
  @Out.object(() => RescheduleActionResponse) reschedule!: RescheduleActionResponse;
  @Out.object(() => PayActionResponse) pay!: PayActionResponse;
}

/** A booking that is to come, with what its customer may do about it: no client has to know the policy. */
export class UpcomingBookingResponse extends BookingResponse {
  @Out.object(() => ActionsResponse) actions!: ActionsResponse;

  static of(this: void, { booking, actions }: UpcomingBooking): UpcomingBookingResponse {
    const { currency, timeZone } = booking;
    const told = ({ allowed, until, reason }: OwnAction) => ({
      ...{ allowed, reason },
      until: until && formatWithOffset(until, timeZone),
    });
    const { cancel, reschedule, pay } = actions;
    return {
      ...BookingResponse.forOwner(booking),
      actions: {
        cancel: { ...told(cancel), refund: RefundQuoteResponse.from(cancel.refund, currency) },
        reschedule: { ...told(reschedule), movesLeft: reschedule.movesLeft },
        pay: { ...told(pay), amount: MoneyField.of(pay.amountMinor, currency) },
      },
    };
  }
}
