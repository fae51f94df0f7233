import { Injectable } from '@nestjs/common';
import { BookingMoney } from '../bookings/booking-money.service.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { PaymentSettling } from './payment-settling.service.js';
import { PaymentTasks } from './payment-tasks.service.js';

const OPENED = 'charge.dispute.created';
const CLOSED = 'charge.dispute.closed';

/** A payer has the bank ask for the money: the booking says so, and a person is to answer with evidence at the provider. */
@Injectable()
@HandlesOutbox({ name: 'payments.dispute', topics: ['payment.dispute'] })
export class PaymentDisputeHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly settling: PaymentSettling,
    private readonly money: BookingMoney,
    private readonly tasks: PaymentTasks,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { paymentId, type } = effect.payload;
    if (!isUuid(paymentId)) throw new Hopeless('a dispute about nothing');
    if (type !== OPENED && type !== CLOSED) return;
    await this.database.transact(WORKER, async (em, now) => {
      const locked = await this.settling.lock(em, paymentId, now);
      if (locked) {
        const { payment, booking } = locked;
        payment.disputedAt ??= now;
        this.money.signal(booking, 'disputed');
        const isOpened = type === OPENED;
        await this.tasks.open(
          em,
          {
            kind: 'dispute',
            subject: `dispute:${payment.id}:${isOpened ? 'opened' : 'closed'}`,
            bookingId: booking.id,
            paymentId: payment.id,
            detail: isOpened
              ? 'A payer disputes this charge: send evidence on the provider’s pages in time.'
              : 'The bank has decided about the disputed charge: see the provider’s pages.',
          },
          now,
        );
      }
      await effect.settle(em);
    });
  }
}
