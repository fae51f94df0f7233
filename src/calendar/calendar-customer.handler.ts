import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { calendarReconcile } from './calendar.events.js';
import { EVENTS_OF_CUSTOMER } from './calendar.sql.js';

/** A customer’s new name, contact or wish to be invited reaches the events of their bookings. */
@Injectable()
@HandlesOutbox({ name: 'calendar.follow-customer', topics: ['customer.changed'] })
export class CalendarCustomerHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { customerId } = effect.payload;
    if (!isUuid(customerId)) throw new Hopeless('nobody changed');
    await this.database.transact(WORKER, async (em) => {
      const events = await run<{ booking_id: string }>(em, EVENTS_OF_CUSTOMER, [customerId]);
      await this.outbox.add(em, ...events.map(({ booking_id }) => calendarReconcile(booking_id)));
      await effect.settle(em);
    });
  }
}
