import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import type { BookingEventType } from '../bookings/entities/booking-event.entity.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { Message } from './entities/message.entity.js';
import { PLAN_HANDLER } from './messaging.events.js';
import { bookingFacts, MessageFacts, type Subject } from './message-facts.service.js';
import { MessageWriter } from './message-writer.service.js';
import { planMessages } from './rules/plan.js';
import type { PlanEvent, PlanEventKind } from './rules/plan.types.js';
import { isStillTrue } from './rules/sendable.js';

const PLANNED: Readonly<Record<string, { kind: PlanEventKind; type: BookingEventType }>> = {
  'booking.held': { kind: 'booking.held', type: 'held' },
  'booking.confirmed': { kind: 'booking.confirmed', type: 'confirmed' },
  'booking.rescheduled': { kind: 'booking.rescheduled', type: 'rescheduled' },
  'booking.cancelled': { kind: 'booking.cancelled', type: 'cancelled' },
};

/**
 * Turns facts about bookings into messages: one transaction, no network. It plans from the booking's present state, so events
 * may come late, twice or in any order; messages that no longer hold are withdrawn.
 */
@Injectable()
@HandlesOutbox({
  name: PLAN_HANDLER,
  topics: [
    'booking.held',
    'booking.confirmed',
    'booking.rescheduled',
    'booking.cancelled',
    'booking.expired',
    'booking.completed',
    'booking.no_show',
  ],
})
export class PlanHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly facts: MessageFacts,
    private readonly writer: MessageWriter,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { bookingId } = effect.payload;
    if (!isUuid(bookingId)) throw new Hopeless('a booking event without a booking');
    await this.database.transact(WORKER, async (em, now) => {
      if (!(await em.findOne(Booking, bookingId))) throw new Hopeless('the booking is gone');
      const subject = await this.facts.subject(em, { bookingId });
      await this.plan(em, effect, subject, now);
      await this.withdraw(em, subject);
      await effect.settle(em);
    });
  }

  private async plan(em: EntityManager, effect: Effect, subject: Subject, now: Date): Promise<void> {
    const planned = PLANNED[effect.topic];
    const { booking, customer } = subject;
    if (!planned || !booking || !customer || customer.erasedAt) return;
    const cause = await this.facts.cause(em, booking, planned.type, now);
    const told = effect.payload;
    const event: PlanEvent = {
      id: cause.eventId ?? effect.id,
      kind: planned.kind,
      revision: typeof told['revision'] === 'number' ? told['revision'] : booking.revision,
      by: told['by'] === 'customer' || told['by'] === 'salon' ? told['by'] : cause.by,
      at: cause.at,
      fromHold: typeof told['fromHold'] === 'boolean' ? told['fromHold'] : cause.fromHold,
    };
    const snapshot = await this.facts.planSnapshot(em, { ...subject, booking, customer });
    const messages = planMessages(event, snapshot, now);
    await this.writer.write(
      em,
      messages.map((message) => ({ ...message, customerId: message.class === 'staff' ? null : customer.id })),
    );
  }

  private async withdraw(em: EntityManager, { booking }: Subject): Promise<void> {
    if (!booking) return;
    const waiting = await em.find(Message, { bookingId: booking.id, state: 'planned', direction: 'out' });
    const untrue = waiting.filter(
      ({ family, revision }) =>
        family !== 'inbound' && !isStillTrue({ family, revision }, bookingFacts(booking)),
    );
    await this.writer.supersede(
      em,
      untrue.map(({ id }) => id),
      'The booking has changed since.',
    );
  }
}
