import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Database } from '../database/database.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import type { Payment } from './entities/payment.entity.js';
import { settlePayment } from './payments.events.js';

const EVERY_MS = 10_000;

/** Payers who ask whether their money has arrived have the provider asked, for the case that its word was lost. */
@Injectable()
export class PaymentPolls {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Orders a look at a payment that is not settled: at most one in ten seconds, however often it is asked for. */
  async look({ id, provider, isUnsettled }: Payment): Promise<void> {
    if (provider !== 'stripe' || !isUnsettled) return;
    const tick = Math.floor(this.clock.realNow().getTime() / EVERY_MS);
    await this.database.transact(WORKER, (em) => this.outbox.add(em, settlePayment(id, `poll:${tick}`)));
  }
}
