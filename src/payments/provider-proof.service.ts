import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { Payment } from './entities/payment.entity.js';
import { Refund } from './entities/refund.entity.js';
import { PaymentFailure, PaymentGateway, type PaymentTruth, type RefundTruth } from './payment.gateway.js';
import { PaymentTasks } from './payment-tasks.service.js';
import { disputePayment, lookAtRefund } from './payments.events.js';
import { PAYMENT_COMPARED, UNCOMPARED, UNDER_DISPUTE } from './payments.sql.js';
import { driftFrom } from './rules/provider-drift.js';

const PROVE_MS = 60 * 60_000;
const BATCH = 200;

interface Uncompared {
  id: string;
  intent_id: string;
}

/** Holds what came and went back, every hour, against what the provider says of it. */
@Injectable()
export class ProviderProof implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly outbox: Outbox,
    private readonly tasks: PaymentTasks,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(PROVE_MS, 'payment-proofs', () => this.prove());
  }

  /** Returns how many differ. Ends early, without an error, when the provider is out: the rest waits for the next hour. */
  async prove(): Promise<number> {
    if (this.gateway.mode === 'unconfigured') return 0;
    const due = await this.database.transact(WORKER, async (em, now) => {
      const disputed = await run<{ id: string }>(em, UNDER_DISPUTE, [BATCH]);
      await this.outbox.add(em, ...disputed.map(({ id }) => disputePayment(id, `${id}:${hourOf(now)}`)));
      return run<Uncompared>(em, UNCOMPARED, [BATCH]);
    });
    let drifted = 0;
    for (const payment of due) {
      try {
        if (!(await this.isAsTheProviderSays(payment))) drifted += 1;
      } catch (error) {
        if (error instanceof PaymentFailure && error.kind === 'out') break;
        throw error;
      }
    }
    return drifted;
  }

  /**
   * A difference may be news under way: its refunds are looked at anew, and only a difference that is still there an hour later
   * is a person's.
   */
  private async isAsTheProviderSays({ id, intent_id: intentId }: Uncompared): Promise<boolean> {
    const said = await this.askAbout(intentId);
    return this.database.transact(WORKER, async (em, now) => {
      const payment = await em.findOneOrFail(Payment, id);
      const ours = await em.find(Refund, { paymentId: id, state: 'succeeded' });
      const backMinor = ours.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const { cameMinor, bookingId, driftedAt } = payment;
      const currency = payment.strangeCurrency ?? payment.currency;
      const detail = said
        ? driftFrom({ cameMinor, currency, backMinor }, said.truth, said.refunds)
        : 'The provider does not know this payment, which our books call received.';
      await run(em, PAYMENT_COMPARED, [id, detail === null]);
      const about = { kind: 'drift', paymentId: id } as const;
      if (detail === null) {
        if (driftedAt) await this.tasks.finishAll(em, about, { by: null, outcome: 'both agree again' }, now);
        return true;
      }
      const cause = `prove:${hourOf(now)}`;
      await this.outbox.add(em, ...(said?.refunds ?? []).map((refund) => lookAtRefund(refund.id, cause)));
      const subject = `drift:provider:${id}:${driftedAt?.toISOString()}`;
      if (driftedAt) await this.tasks.open(em, { ...about, subject, bookingId, detail }, now);
      return false;
    });
  }

  /** Null where the provider knows no such thing. */
  private async askAbout(intentId: string): Promise<{ truth: PaymentTruth; refunds: RefundTruth[] } | null> {
    try {
      return { truth: await this.gateway.intent(intentId), refunds: await this.gateway.refundsOf(intentId) };
    } catch (error) {
      if (error instanceof PaymentFailure && error.kind === 'refused') return null;
      throw error;
    }
  }
}

const hourOf = (now: Date): string => now.toISOString().slice(0, 13);
