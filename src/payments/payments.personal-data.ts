import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { HoldsPersonalData, type PersonalData, type StoredRow } from '../database/personal-data.js';
import { run } from '../database/statement.js';
import {
  MONEY_IN_MOTION,
  PAYMENT_ERASE,
  PAYMENT_EXPORT,
  RECEIPT_EXPORT,
  REFUND_ERASE,
  REFUND_EXPORT,
} from './personal-data.sql.js';

const WORDS: Readonly<Record<string, string>> = {
  processing: 'A payment of yours is still on its way.',
  quarantined: 'A payment of yours is being looked at.',
  refunding: 'A refund to you is still on its way.',
  disputed: 'Your bank has not decided about a payment of yours yet.',
};

/** Payments, refunds and receipts: kept for ten years, as the law wants, with everything else about the person cut. */
@Injectable()
@HoldsPersonalData({ section: 'payments', order: 20 })
export class PaymentsPersonalData implements PersonalData {
  async blockers(em: EntityManager, customerId: string): Promise<readonly string[]> {
    const [found] = await run<Record<string, boolean>>(em, MONEY_IN_MOTION, [customerId]);
    return Object.entries(found ?? {}).flatMap(([kind, is]) => (is ? [WORDS[kind] ?? kind] : []));
  }

  async export(em: EntityManager, customerId: string) {
    const payments = await run<{ row: StoredRow }>(em, PAYMENT_EXPORT, [customerId]);
    const refunds = await run<{ row: StoredRow }>(em, REFUND_EXPORT, [customerId]);
    const receipts = await run<{ row: StoredRow }>(em, RECEIPT_EXPORT, [customerId]);
    const rowsOf = (found: { row: StoredRow }[]) => found.map(({ row }) => row);
    return { payment: rowsOf(payments), refund: rowsOf(refunds), receipt: rowsOf(receipts) };
  }

  async erase(em: EntityManager, customerId: string) {
    const payments = await run(em, PAYMENT_ERASE, [customerId]);
    const refunds = await run(em, REFUND_ERASE, [customerId]);
    return { payment: payments.length, refund: refunds.length };
  }
}
