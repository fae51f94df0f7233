import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { REFUND_RULES, type RefundRule } from '../../bookings/refund-quote.types.js';
import {
  REFUND_CAUSES,
  REFUND_STATES,
  type Refund,
  type RefundCause,
  type RefundState,
} from '../entities/refund.entity.js';
import type { StaffQuote } from '../staff-refunds.service.js';

/** Money on its way back. */
export class StaffRefundResponse {
  @Out.id() id!: string;
  @Out.id() paymentId!: string;
  @Out.id() bookingId!: string;
  @Out.oneOf(REFUND_CAUSES) cause!: RefundCause;
  @Out.oneOf(REFUND_STATES) status!: RefundState;
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.text({ nullable: true }) reason!: string | null;

  static from(refund: Refund): StaffRefundResponse {
    return {
      id: refund.id,
      paymentId: refund.paymentId,
      bookingId: refund.bookingId,
      cause: refund.cause,
      status: refund.state,
      amount: MoneyField.of(refund.amountMinor, refund.currency),
      reason: refund.reason ?? null,
    };
  }
}

/** What could go back of a payment, and what the policy would give if the customer cancelled now. */
export class RefundQuoteResponse {
  @Out.object(() => MoneyField, { description: 'What is still here of this payment' })
  refundable!: MoneyField;
  @Out.object(() => MoneyField, { description: 'Of the whole booking, by its policy' }) byPolicy!: MoneyField;
  @Out.object(() => MoneyField) keptByPolicy!: MoneyField;
  @Out.oneOf(REFUND_RULES) rule!: RefundRule;
  @Out.text() explanation!: string;

  static from({ refundableMinor, currency, quote }: StaffQuote): RefundQuoteResponse {
    return {
      refundable: MoneyField.of(refundableMinor, currency),
      byPolicy: MoneyField.of(quote.refundMinor, currency),
      keptByPolicy: MoneyField.of(quote.keptMinor, currency),
      rule: quote.rule,
      explanation: quote.explanation,
    };
  }
}
