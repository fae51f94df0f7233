import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { Refund } from './entities/refund.entity.js';
import { PaymentGateway } from './payment.gateway.js';
import { PaymentSettling } from './payment-settling.service.js';
import { PaymentTasks } from './payment-tasks.service.js';
import { lookAtRefund, settlePayment } from './payments.events.js';
import { DRIFT, STUCK_REFUNDS, UNDECIDED, UNSETTLED, UNSETTLED_REFUNDS } from './payments.sql.js';

const RECONCILE_MS = 5 * 60_000;
const DECIDE_MS = 60_000;
const PROVE_MS = 60 * 60_000;
const BATCH = 200;

interface Due {
  id: string;
  minute: string;
}

interface Stuck {
  id: string;
  booking_id: string;
  payment_id: string;
}

interface Drifted {
  id: string;
  paid_minor: number;
  refunded_minor: number;
  payments: number;
  refunds: number;
}

/** Finds what no webhook told: every five minutes what is unsettled, every hour whether our books agree with themselves. */
@Injectable()
export class PaymentReconciliation implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly gateway: PaymentGateway,
    private readonly outbox: Outbox,
    private readonly settling: PaymentSettling,
    private readonly tasks: PaymentTasks,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(RECONCILE_MS, 'payments', () => this.reconcile());
    this.recurring.every(DECIDE_MS, 'payment-mismatches', () => this.decide());
    this.recurring.every(PROVE_MS, 'payment-books', () => this.prove());
  }

  /** Orders a look at everything unsettled; returns how much that was. */
  async reconcile(): Promise<number> {
    if (this.gateway.mode === 'unconfigured') return 0;
    return this.database.transact(WORKER, async (em) => {
      const payments = await run<Due>(em, UNSETTLED, [BATCH]);
      const waiting = await run<Due>(em, UNSETTLED_REFUNDS, [BATCH]);
      const refunds = await em.find(Refund, { id: { $in: waiting.map(({ id }) => id) } });
      const minute = payments[0]?.minute ?? waiting[0]?.minute ?? '';
      await this.outbox.add(
        em,
        ...payments.map(({ id }) => settlePayment(id, `reconcile:${minute}`)),
        ...refunds.flatMap(({ providerId }) =>
          providerId ? [lookAtRefund(providerId, `reconcile:${minute}`)] : [],
        ),
      );
      return payments.length + refunds.length;
    });
  }

  /** Money that does not fit, and that nobody decided about for a day, goes back. */
  async decide(): Promise<number> {
    for (let decided = 0; ; decided += 1) {
      const wasThereOne = await this.database.transact(WORKER, async (em, now) => {
        const [due] = await run<{ id: string; payment_id: string }>(em, UNDECIDED, [1]);
        if (!due) return false;
        await this.settling.sendBack(em, due.payment_id, now);
        await this.tasks.finish(em, due.id, { by: null, outcome: 'refunded by itself' }, now);
        return true;
      });
      if (!wasThereOne) return decided;
    }
  }

  /** Bookings whose money is not the sum of their payments and refunds: a mistake of ours, for a person to see. */
  async prove(): Promise<number> {
    return this.database.transact(WORKER, async (em, now) => {
      const drifted = await run<Drifted>(em, DRIFT, [BATCH]);
      for (const { id: bookingId, paid_minor, refunded_minor, payments, refunds } of drifted) {
        const detail = `The booking says ${paid_minor} paid and ${refunded_minor} refunded, its payments ${payments} and its refunds ${refunds} (minor units).`;
        await this.tasks.open(em, { kind: 'drift', subject: `drift:${bookingId}`, bookingId, detail }, now);
      }
      for (const { id, booking_id, payment_id } of await run<Stuck>(em, STUCK_REFUNDS, [BATCH])) {
        const subject = { bookingId: booking_id, paymentId: payment_id, refundId: id };
        const detail =
          'A refund was promised and could not be asked for: see the dead effects, and give it back by hand.';
        await this.tasks.open(
          em,
          { kind: 'refund-failed', subject: `refund-stuck:${id}`, ...subject, detail },
          now,
        );
      }
      return drifted.length;
    });
  }
}
