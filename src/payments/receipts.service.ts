import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { taxWithin } from '../common/money.js';
import { formatWithOffset } from '../common/time/format.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { BusinessService } from '../business/business.service.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { run } from '../database/statement.js';
import type { Payment } from './entities/payment.entity.js';
import { Receipt, type ReceiptFacts } from './entities/receipt.entity.js';
import { methodLabel } from './payment-method.js';
import { RECEIPT_ISSUE, RECEIPT_LOCK } from './receipts.sql.js';

/** Proofs of payment, numbered in a row without gaps. */
@Injectable()
export class Receipts {
  constructor(private readonly business: BusinessService) {}

  /**
   * Issues the receipt of a payment that has just succeeded, in the same transaction; the second call gives the first one.
   * For staff and the system, who see every number that was given out. The last thing a transaction does: the lock on the
   * numbers comes after every other, and keeps all other receipts waiting until the commit.
   */
  async issue(em: EntityManager, payment: Payment, booking: Booking, now: Date): Promise<Receipt> {
    await em.flush();
    const issued = await em.findOne(Receipt, { paymentId: payment.id });
    if (issued) return issued;
    const facts = await this.factsOf(em, payment, booking);
    await run(em, RECEIPT_LOCK);
    await run(em, RECEIPT_ISSUE, [
      newId(),
      payment.id,
      booking.id,
      booking.customerId,
      payment.cameMinor,
      payment.strangeCurrency ?? payment.currency,
      JSON.stringify(facts),
      now,
    ]);
    return em.findOneOrFail(Receipt, { paymentId: payment.id });
  }

  private async factsOf(em: EntityManager, payment: Payment, booking: Booking): Promise<ReceiptFacts> {
    const { name, address, timeZone, taxName, taxMilliPercent } = await this.business.get(em);
    const customer = await em.findOneOrFail(Customer, booking.customerId);
    const resource = await em.findOneOrFail(Resource, booking.resourceId);
    return {
      salon: name,
      address,
      customer: customer.name,
      reference: booking.reference,
      service: booking.serviceName,
      staff: resource.name,
      start: formatWithOffset(booking.startsAt, timeZone),
      method: methodLabel(payment),
      ...(taxMilliPercent > 0 && {
        tax: {
          name: taxName,
          milliPercent: taxMilliPercent,
          amountMinor: taxWithin(payment.cameMinor, taxMilliPercent),
        },
      }),
    };
  }
}
