import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { formatWithOffset } from '../../common/time/format.js';
import { REFUND_STATES, type RefundState } from '../entities/refund.entity.js';
import { lineOf, refundedMinor, standingRefunds, type ReceiptView } from '../payment.view.js';

class ReceiptSalonResponse {
  @Out.text() name!: string;
  @Out.text() address!: string;
}

class ReceiptLineResponse {
  @Out.text({ example: 'Haircut: deposit' }) description!: string;
  @Out.object(() => MoneyField) amount!: MoneyField;
}

class ReceiptTaxResponse {
  @Out.text({ example: 'VAT' }) name!: string;
  @Out.int({ description: 'Of the net price, in thousandths of a percent', example: 19000 })
  milliPercent!: number;
  @Out.object(() => MoneyField, { description: 'What of the total it is' }) amount!: MoneyField;
  @Out.object(() => MoneyField, { description: 'The total without it' }) net!: MoneyField;
}

class ReceiptRefundResponse {
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.oneOf(REFUND_STATES) status!: RefundState;
  @Out.instant() requestedAt!: string;
}

/** Proof of one payment, as things stood when the money came; only the refunds are of today. */
export class ReceiptResponse {
  @Out.int({ description: 'In a row without gaps', example: 42 }) number!: number;
  @Out.id() paymentId!: string;
  @Out.id() bookingId!: string;
  @Out.instant({ description: 'With the salon’s offset' }) issuedAt!: string;
  @Out.object(() => ReceiptSalonResponse) salon!: ReceiptSalonResponse;
  @Out.text({ description: 'Name of who booked', example: 'Ada Lovelace' }) customer!: string;
  @Out.text({ description: 'Of the booking', example: 'K7QF2M' }) reference!: string;
  @Out.text({ example: 'Haircut' }) service!: string;
  @Out.text({ description: 'Who does it', example: 'Grace Hopper' }) staff!: string;
  @Out.instant({ description: 'Of the appointment, when the money came' }) start!: string;
  @Out.list(() => ReceiptLineResponse) lines!: ReceiptLineResponse[];
  @Out.object(() => MoneyField) total!: MoneyField;
  @Out.object(() => ReceiptTaxResponse, { nullable: true, description: 'Null where the salon had set none' })
  tax!: ReceiptTaxResponse | null;
  @Out.text({ description: 'How it was paid', example: 'Visa •••• 4242' }) method!: string;
  @Out.object(() => MoneyField, { description: 'What went back so far or is on its way' })
  refunded!: MoneyField;
  @Out.list(() => ReceiptRefundResponse) refunds!: ReceiptRefundResponse[];

  static from(this: void, view: ReceiptView): ReceiptResponse {
    const { receipt, refunds, timeZone } = view;
    const { salon, address, tax, ...facts } = receipt.facts;
    const at = (instant: Date) => formatWithOffset(instant, timeZone);
    const total = MoneyField.of(receipt.amountMinor, receipt.currency);
    return {
      number: receipt.number,
      paymentId: receipt.paymentId,
      bookingId: receipt.bookingId,
      issuedAt: at(receipt.issuedAt),
      salon: { name: salon, address },
      ...facts,
      lines: [{ description: lineOf(view), amount: total }],
      total,
      tax: tax
        ? {
            name: tax.name,
            milliPercent: tax.milliPercent,
            amount: MoneyField.of(tax.amountMinor, receipt.currency),
            net: MoneyField.of(receipt.amountMinor - tax.amountMinor, receipt.currency),
          }
        : null,
      refunded: MoneyField.of(refundedMinor(refunds), receipt.currency),
      refunds: standingRefunds(refunds).map((refund) => ({
        amount: MoneyField.of(refund.amountMinor, refund.currency),
        status: refund.state,
        requestedAt: at(refund.requestedAt),
      })),
    };
  }
}
