import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { bookingFact, type BookingTopic } from '../bookings/bookings.events.js';
import type { Booking } from '../bookings/entities/booking.entity.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import {
  HandlesOutbox,
  Hopeless,
  type DomainEvent,
  type Effect,
  type OutboxHandler,
} from '../outbox/outbox.types.js';
import { Payment } from '../payments/entities/payment.entity.js';
import { Refund } from '../payments/entities/refund.entity.js';
import { paymentLate, PAYMENT_TOPICS } from '../payments/payments.events.js';
import { Message } from './entities/message.entity.js';
import { MessageFacts, type Subject } from './message-facts.service.js';
import { MessageWriter } from './message-writer.service.js';
import { MONEY_PLAN_HANDLER, PLAN_HANDLER } from './messaging.events.js';
import { planMoneyMessages, predecessorKey } from './rules/plan-money.js';
import type { MoneyFact } from './rules/plan.types.js';

/** Facts of one commit come to their handlers in any order: what is told first is planned first, within a minute. */
const LOOK_AGAIN_MS = 250;
const MOST_LOOKS = 240;

interface Told {
  readonly fact: MoneyFact;
  readonly bookingId: string;
}

/**
 * Turns facts about money into messages: one transaction, no network. A fact may come twice; a refund that stands
 * differently by now is told by the fact of that.
 */
@Injectable()
@HandlesOutbox({ name: MONEY_PLAN_HANDLER, topics: PAYMENT_TOPICS })
export class MoneyPlanHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly facts: MessageFacts,
    private readonly writer: MessageWriter,
    private readonly outbox: Outbox,
  ) {}

  async handle(effect: Effect): Promise<void> {
    await this.database.transact(WORKER, async (em, now) => {
      const told = await this.read(em, effect);
      const subject = told && (await this.facts.subject(em, { bookingId: told.bookingId }));
      if (told && subject?.booking) {
        if (await this.waits(em, effect, told.fact, subject.booking))
          return effect.postpone(em, new Date(now.getTime() + LOOK_AGAIN_MS));
        await this.plan(em, told.fact, subject, now);
      }
      await effect.settle(em);
    });
  }

  /** The fact as the rows tell it; null when they tell something else by now. */
  private async read(em: EntityManager, { topic, payload }: Effect): Promise<Told | null> {
    const { paymentId, refundId } = payload;
    const payment = isUuid(paymentId) ? await em.findOne(Payment, paymentId) : null;
    if (!payment) throw new Hopeless('a fact about money without a payment');
    const { id, bookingId } = payment;
    if (topic === 'payment.settled' || topic === 'payment.late')
      return { bookingId, fact: { kind: topic, paymentId: id } };
    const refund = isUuid(refundId) ? await em.findOne(Refund, { id: refundId, paymentId: id }) : null;
    if (!refund) throw new Hopeless('a fact about a refund without one');
    const { state, cause } = refund;
    if (state !== payload['state'] || state === 'requested' || state === 'pending') return null;
    const about = { paymentId: id, refundId: refund.id, state, cause, notBefore: null };
    return { bookingId, fact: { kind: 'refund.settled', ...about } };
  }

  /** Whether something that has to be told before is not planned yet. */
  private async waits(
    em: EntityManager,
    { attempt }: Effect,
    fact: MoneyFact,
    booking: Booking,
  ): Promise<boolean> {
    if (attempt > MOST_LOOKS) return false;
    const first = toldFirst(fact, booking);
    return first !== null && this.outbox.isOpen(em, first.handler, first.event);
  }

  private async plan(
    em: EntityManager,
    fact: MoneyFact,
    { booking, customer, ...subject }: Subject,
    now: Date,
  ): Promise<void> {
    if (!booking || !customer) return;
    const snapshot = await this.facts.planSnapshot(em, { ...subject, booking, customer });
    const isErased = Boolean(customer.erasedAt);
    const dated =
      fact.kind === 'refund.settled'
        ? { ...fact, notBefore: await this.notBefore(em, fact, booking.id) }
        : fact;
    const messages = planMoneyMessages(dated, { ...snapshot, staff: await this.facts.managers(em) }, now);
    await this.writer.write(
      em,
      messages
        .filter((message) => message.class === 'staff' || !isErased)
        .map((message) => ({ ...message, customerId: message.class === 'staff' ? null : customer.id })),
    );
  }

  /** News of a cancellation may wait for the morning; news of its refund then waits with it. */
  private async notBefore(em: EntityManager, fact: MoneyFact, bookingId: string): Promise<Date | null> {
    const dedupeKey = predecessorKey(fact, bookingId);
    const first = dedupeKey === null ? null : await em.findOne(Message, { dedupeKey, state: 'planned' });
    return first?.dueAt ?? null;
  }
}

/** What is told of the money goes after what is told of its cause. */
function toldFirst(fact: MoneyFact, booking: Booking): { handler: string; event: DomainEvent } | null {
  const { id: bookingId } = booking;
  const ofBooking = (topic: BookingTopic) => ({
    handler: PLAN_HANDLER,
    event: bookingFact(topic, booking, 'customer'),
  });
  if (fact.kind === 'payment.settled') return ofBooking('booking.confirmed');
  if (fact.kind === 'payment.late') return null;
  if (fact.cause === 'cancellation') return ofBooking('booking.cancelled');
  if (fact.cause !== 'late') return null;
  return { handler: MONEY_PLAN_HANDLER, event: paymentLate({ id: fact.paymentId, bookingId }) };
}
