import type { FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { CustomerActor, StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { addDays } from '../common/time/local-date.js';
import { dayBounds } from '../common/time/zoned-time.js';
import type { BookingActor } from '../bookings/booking-changes.service.js';
import { BusinessService } from '../business/business.service.js';
import { Database } from '../database/database.service.js';
import type { Question } from '../database/question.js';
import { Payment, type PaymentProvider, type PaymentState } from './entities/payment.entity.js';
import { Receipt } from './entities/receipt.entity.js';
import { Refund } from './entities/refund.entity.js';
import type { PaymentView, ReceiptView } from './payment.view.js';
import { OWN_PAYMENTS } from './payments.sql.js';
import { paymentsOf } from './payment.scope.js';

/** Which payments somebody wants to see; dates are local to the salon, both included. */
export interface PaymentFilter {
  bookingId: string | null;
  customerId: string | null;
  state: PaymentState | null;
  provider: PaymentProvider | null;
  from: string | null;
  to: string | null;
}

/** A payment's columns with what belongs to it. */
interface OwnRow extends QueryResultRow {
  readonly receipt_number: number | null;
  readonly refunds: readonly QueryResultRow[];
}

/** Reads of payments, each with the actor in the *where*. */
@Injectable()
export class PaymentQueries {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
  ) {}

  /** Another's payment is not found, never forbidden: existence is itself private. */
  async get(actor: BookingActor, id: string): Promise<PaymentView> {
    return this.database.transact(actor, async (em) => this.view(em, await this.find(em, actor, id)));
  }

  /** Newest first; reads one row more than the page shows. */
  async list(actor: BookingActor, query: PageQuery, filter: PaymentFilter): Promise<PaymentView[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em) => {
      const { timeZone } = await this.business.get(em);
      const where = [paymentsOf(actor), matching(filter, timeZone), beyond('createdAt', cursor, 'desc')];
      const payments = await em.find(
        Payment,
        { $and: where },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      );
      return viewsOf(em, payments);
    });
  }

  /** A customer's payments, newest first, in one statement; as many as the page shows and one more. */
  own(actor: CustomerActor | StaffActor, customerId: string, query: PageQuery): Question<PaymentView[]> {
    const from = actor.kind === 'customer' ? actor.historyFrom : null;
    const cursor = readCursor(query);
    return {
      statement: OWN_PAYMENTS,
      values: [customerId, from, cursor?.at ?? null, cursor?.id ?? null, pageSize(query) + 1],
      answer: (rows: OwnRow[], seen) =>
        seen.as(Payment, rows).map((payment, index) => ({
          id: payment.id,
          payment,
          receiptNumber: rows[index]?.receipt_number ?? null,
          refunds: seen.as(Refund, rows[index]?.refunds ?? []),
        })),
    };
  }

  /** Every payment for the bookings, by booking, oldest first. */
  async ofBookings(actor: BookingActor, bookingIds: readonly string[]): Promise<Map<string, PaymentView[]>> {
    return this.database.transact(actor, async (em) => {
      const payments = await em.find(
        Payment,
        { $and: [{ bookingId: { $in: [...bookingIds] } }, paymentsOf(actor)] },
        { orderBy: { createdAt: 'asc', id: 'asc' } },
      );
      return Map.groupBy(await viewsOf(em, payments), ({ payment }) => payment.bookingId);
    });
  }

  /** The receipt of a payment with what went back of it since. A payment that has none yet is not found. */
  async receipt(actor: BookingActor, paymentId: string): Promise<ReceiptView> {
    return this.database.transact(actor, async (em) => {
      const payment = await this.find(em, actor, paymentId);
      const receipt = await em.findOne(Receipt, { paymentId: payment.id });
      if (!receipt) throw new NotFound();
      const { timeZone } = await this.business.get(em);
      return { receipt, purpose: payment.purpose, refunds: await refundsOf(em, [payment]), timeZone };
    });
  }

  /** One payment with its refunds and the number of its receipt, inside the caller's transaction. */
  async view(em: EntityManager, payment: Payment): Promise<PaymentView> {
    const [view] = await viewsOf(em, [payment]);
    if (!view) throw new NotFound();
    return view;
  }

  private async find(em: EntityManager, actor: BookingActor, id: string): Promise<Payment> {
    const payment = await em.findOne(Payment, { $and: [{ id }, paymentsOf(actor)] });
    if (!payment) throw new NotFound();
    return payment;
  }
}

function matching(filter: PaymentFilter, zone: string): FilterQuery<Payment> {
  const { bookingId, customerId, state, provider, from, to } = filter;
  return {
    $and: [
      from ? { createdAt: { $gte: dayBounds(from, zone).start } } : {},
      to ? { createdAt: { $lt: dayBounds(addDays(to, 1), zone).start } } : {},
    ],
    ...(bookingId ? { bookingId } : {}),
    ...(customerId ? { customerId } : {}),
    ...(state ? { state } : {}),
    ...(provider ? { provider } : {}),
  };
}

async function viewsOf(em: EntityManager, payments: readonly Payment[]): Promise<PaymentView[]> {
  const refunds = Map.groupBy(await refundsOf(em, payments), ({ paymentId }) => paymentId);
  const receipts = await em.find(Receipt, { paymentId: { $in: idsOf(payments) } });
  const numbers = new Map(receipts.map(({ paymentId, number }) => [paymentId, number]));
  return payments.map((payment) => ({
    id: payment.id,
    payment,
    receiptNumber: numbers.get(payment.id) ?? null,
    refunds: refunds.get(payment.id) ?? [],
  }));
}

function refundsOf(em: EntityManager, payments: readonly Payment[]): Promise<Refund[]> {
  return em.find(
    Refund,
    { paymentId: { $in: idsOf(payments) } },
    { orderBy: { requestedAt: 'asc', id: 'asc' } },
  );
}

const idsOf = (payments: readonly Payment[]) => payments.map(({ id }) => id);
