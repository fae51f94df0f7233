import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { Booking } from '../bookings/entities/booking.entity.js';
import type { Payment } from './entities/payment.entity.js';
import type { Receipt } from './entities/receipt.entity.js';

/** Proofs of payment, numbered in a row without gaps. */
@Injectable()
export class Receipts {
  /** Issues the receipt of a payment that has just succeeded, in the same transaction; the second call gives the first one. */
  async issue(_em: EntityManager, _payment: Payment, _booking: Booking, _now: Date): Promise<Receipt> {
    throw new Error('not written yet');
  }
}
