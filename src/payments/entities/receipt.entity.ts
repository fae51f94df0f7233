import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Booking } from '../../bookings/entities/booking.entity.js';
import { Customer } from '../../customers/entities/customer.entity.js';
import { ownRows } from '../../database/policies.js';
import { Payment } from './payment.entity.js';

/** What a receipt says, as it was when the money came: a renamed service changes no receipt. */
export interface ReceiptFacts {
  salon: string;
  address: string;
  customer: string;
  reference: string;
  service: string;
  staff: string;
  /** RFC 3339 with the salon's offset. */
  start: string;
  method: string;
  /** The tax within the amount, in minor units; missing where the salon has set none. */
  tax?: { name: string; milliPercent: number; amountMinor: number };
}

const ReceiptSchema = defineEntity({
  name: 'Receipt',
  ...ownRows('receipt_own_rows', { customer: 'customer_id', booking: 'booking_id' }),
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    number: p.integer().unique('receipt_number_unique'),
    paymentId: () =>
      p
        .manyToOne(Payment)
        .mapToPk()
        .joinColumn('payment_id')
        .deleteRule('restrict')
        .unique('receipt_one_per_payment'),
    bookingId: () => p.manyToOne(Booking).mapToPk().joinColumn('booking_id').deleteRule('restrict'),
    customerId: () => p.manyToOne(Customer).mapToPk().joinColumn('customer_id').deleteRule('restrict'),
    amountMinor: p.integer(),
    currency: p.string().length(3),
    facts: p.json<ReceiptFacts>(),
    issuedAt: p.datetime(3),
  },
  indexes: [
    { name: 'receipt_booking', properties: ['bookingId'] },
    { name: 'receipt_customer', properties: ['customerId'] },
  ],
  checks: [{ name: 'receipt_number_counts_from_one', expression: 'number >= 1' }],
});

/** Proof of one payment, with a number in a row without gaps. */
export class Receipt extends ReceiptSchema.class {}
ReceiptSchema.setClass(Receipt);
