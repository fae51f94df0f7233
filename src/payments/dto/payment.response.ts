import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import {
  DISPUTE_STATES,
  PAYMENT_PROVIDERS,
  PAYMENT_PURPOSES,
  PAYMENT_STATES,
  PAYMENT_WAYS,
  type DisputeState,
  type Payment,
  type PaymentProvider,
  type PaymentPurpose,
  type PaymentState,
  type PaymentWay,
} from '../entities/payment.entity.js';
import {
  REFUND_CAUSES,
  REFUND_STATES,
  type Refund,
  type RefundCause,
  type RefundState,
} from '../entities/refund.entity.js';
import type { PaymentView } from '../payment.view.js';

/** How long banks take; nothing to wait for where a refund is given by hand or came to nothing. */
const BANK_TIME = '5–10 business days';

class CardResponse {
  @Out.text({ nullable: true, example: 'visa' }) brand!: string | null;
  @Out.text({ nullable: true, example: '4242' }) last4!: string | null;
}

class PaymentRefundResponse {
  @Out.id() id!: string;
  @Out.oneOf(REFUND_CAUSES, { description: 'Why it goes back' }) cause!: RefundCause;
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.oneOf(REFUND_STATES) status!: RefundState;
  @Out.text({ nullable: true, description: 'What staff wrote; for staff' }) reason!: string | null;
  @Out.instant() requestedAt!: string;
  @Out.instant({ nullable: true }) settledAt!: string | null;
  @Out.text({
    nullable: true,
    description: 'How long it takes until the customer sees it',
    example: BANK_TIME,
  })
  expectedArrival!: string | null;

  static from(this: void, refund: Refund, provider: PaymentProvider): PaymentRefundResponse {
    const isUnderWay = refund.state !== 'failed' && refund.state !== 'canceled';
    return {
      id: refund.id,
      cause: refund.cause,
      amount: MoneyField.of(refund.amountMinor, refund.currency),
      status: refund.state,
      reason: refund.reason ?? null,
      requestedAt: refund.requestedAt.toISOString(),
      settledAt: refund.settledAt?.toISOString() ?? null,
      expectedArrival: provider === 'stripe' && isUnderWay ? BANK_TIME : null,
    };
  }
}

/** Money asked for or received for one booking, with what went back of it. */
export class PaymentResponse {
  @Out.id() id!: string;
  @Out.id() bookingId!: string;
  @Out.oneOf(PAYMENT_PURPOSES, {
    description: 'All of the price, what confirms the booking, or the rest',
  })
  purpose!: PaymentPurpose;
  @Out.oneOf(PAYMENT_PROVIDERS) provider!: PaymentProvider;
  @Out.oneOf(PAYMENT_WAYS, { nullable: true, description: 'Null for what was paid at the salon' })
  way!: PaymentWay | null;
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.oneOf(PAYMENT_STATES, {
    description:
      '`open`: nobody has paid yet; `processing`: the bank takes its time; `quarantined`: the salon looks at it',
  })
  status!: PaymentState;
  @Out.bool({ description: 'Received, but beyond what was to be paid; it goes back' }) surplus!: boolean;
  @Out.object(() => MoneyField, { description: 'What went back of it or is promised' })
  refunded!: MoneyField;
  @Out.object(() => CardResponse, { nullable: true }) method!: CardResponse | null;
  @Out.text({ nullable: true, description: 'The provider’s own code', example: 'card_declined' }) errorCode!:
    | string
    | null;
  @Out.oneOf(DISPUTE_STATES, {
    nullable: true,
    description: 'The payer had the bank ask it back: undecided, decided for the salon, or the money is gone',
  })
  dispute!: DisputeState | null;
  @Out.instant() createdAt!: string;
  @Out.instant({ nullable: true }) settledAt!: string | null;
  @Out.int({ nullable: true, description: 'Of the receipt, once there is one' }) receiptNumber!:
    | number
    | null;
  @Out.list(() => PaymentRefundResponse) refunds!: PaymentRefundResponse[];

  /** For the customer or guest: reasons that staff wrote are for staff. */
  static forOwner(view: PaymentView): PaymentResponse {
    const shown = PaymentResponse.from(view);
    return { ...shown, refunds: shown.refunds.map((refund) => ({ ...refund, reason: null })) };
  }

  static from(this: void, { payment, receiptNumber, refunds }: PaymentView): PaymentResponse {
    const { id, bookingId, purpose, provider, surplus } = payment;
    return {
      ...{ id, bookingId, purpose, provider, surplus },
      way: payment.way ?? null,
      amount: MoneyField.of(payment.amountMinor, payment.currency),
      status: payment.state,
      refunded: MoneyField.of(payment.refundedMinor, payment.strangeCurrency ?? payment.currency),
      method: cardOf(payment),
      errorCode: payment.errorCode ?? null,
      dispute: payment.disputeState ?? null,
      createdAt: payment.createdAt.toISOString(),
      settledAt: payment.settledAt?.toISOString() ?? null,
      receiptNumber,
      refunds: refunds.map((refund) => PaymentRefundResponse.from(refund, provider)),
    };
  }
}

function cardOf({ methodBrand, methodLast4 }: Payment): CardResponse | null {
  if (!methodBrand && !methodLast4) return null;
  return { brand: methodBrand ?? null, last4: methodLast4 ?? null };
}
