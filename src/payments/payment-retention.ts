import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { KeptForMonths, type KeptForATime } from '../database/retention.js';
import { run } from '../database/statement.js';
import { PAYMENT_PAST, PAYMENT_PAST_COUNT, PAYMENT_PAST_CUT } from './retention.sql.js';

/** When bookkeeping no longer needs to know who paid, payments, refunds and receipts forget it. */
@Injectable()
@KeptForMonths('payments')
export class PaymentRetention implements KeptForATime {
  async count(em: EntityManager, months: number): Promise<number> {
    const [found] = await run<{ rows: number }>(em, PAYMENT_PAST_COUNT, [months]);
    return found?.rows ?? 0;
  }

  async cut(em: EntityManager, months: number, most: number): Promise<number> {
    const past = await run<{ id: string }>(em, PAYMENT_PAST, [months, most]);
    if (past.length > 0) await run(em, PAYMENT_PAST_CUT, [past.map(({ id }) => id)]);
    return past.length;
  }
}
