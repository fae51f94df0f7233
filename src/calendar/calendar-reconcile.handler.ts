import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import {
  HandlesOutbox,
  Hopeless,
  RetryLater,
  type Effect,
  type OutboxHandler,
} from '../outbox/outbox.types.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';
import { inPatience, PAUSE_WAIT_MS } from './patience.js';

const BUSY_WAIT_MS = 500;

/** Whatever happened to a booking, its event is compared with what it should say. */
@Injectable()
@HandlesOutbox({
  name: 'calendar.reconcile',
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
    const ended = await inPatience(attempt, () => this.reconciling.reconcile(bookingId));
    if (ended === 'busy') throw new RetryLater('somebody else writes this event', BUSY_WAIT_MS);
    if (ended === 'paused') throw new RetryLater('Google asked to be left alone', PAUSE_WAIT_MS);
  }
}
