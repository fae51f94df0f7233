import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import {
  HandlesOutbox,
  Hopeless,
  RetryLater,
  type Effect,
  type OutboxHandler,
} from '../outbox/outbox.types.js';
import { CalendarFailure } from './calendar.gateway.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';

const BUSY_WAIT_MS = 500;
const PAUSE_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

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
    try {
      const ended = await this.reconciling.reconcile(bookingId);
      if (ended === 'busy') throw new RetryLater('somebody else writes this event', BUSY_WAIT_MS);
      if (ended === 'paused') throw new RetryLater('Google asked to be left alone', PAUSE_WAIT_MS);
    } catch (error) {
      if (!(error instanceof CalendarFailure)) throw error;
      // Nothing is asked of the account until it is connected again; then everything out of step is found.
      if (error.kind === 'revoked') return;
      if (error.kind === 'refused') throw new Hopeless(`Google refused: ${error.code ?? 'no code'}`);
      throw new RetryLater(error.message, error.retryAfterMs ?? waitMs(attempt));
    }
  }
}

/** Between a half and the whole of 2 s · 2^(attempt − 1), at most one minute: a calendar heals within one. */
function waitMs(attempt: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10));
  return longest / 2 + (Math.random() * longest) / 2;
}
