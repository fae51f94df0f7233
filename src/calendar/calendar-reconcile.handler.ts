import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';
import { inPatience, orWait } from './patience.js';

/** Whatever happened to a booking, its event is compared with what it should say. */
@Injectable()
@HandlesOutbox({
  name: 'calendar.reconcile',
  lane: 'calendar',
  topics: [
    'calendar.reconcile',
    'booking.confirmed',
    'booking.rescheduled',
    'booking.cancelled',
    'booking.completed',
    'booking.no_show',
  ],
})
export class CalendarReconcileHandler implements OutboxHandler {
  constructor(private readonly reconciling: CalendarReconciling) {}

  async handle({ payload, attempt }: Effect): Promise<void> {
    const { bookingId } = payload;
    if (!isUuid(bookingId)) throw new Hopeless('an order to reconcile nothing');
    orWait(await inPatience(attempt, () => this.reconciling.reconcile(bookingId)));
  }
}
