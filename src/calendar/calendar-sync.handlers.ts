import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import {
  HandlesOutbox,
  Hopeless,
  RetryLater,
  type Effect,
  type OutboxHandler,
} from '../outbox/outbox.types.js';
import { CalendarDeciding } from './calendar-deciding.service.js';
import { CalendarSync } from './calendar-sync.service.js';
import { inPatience, PAUSE_WAIT_MS } from './patience.js';

/** Reads what changed in a calendar. */
@Injectable()
@HandlesOutbox({ name: 'calendar.sync', topics: ['calendar.sync'], urgent: true })
export class CalendarSyncHandler implements OutboxHandler {
  constructor(private readonly reading: CalendarSync) {}

  async handle({ payload, attempt }: Effect): Promise<void> {
    const { calendarId } = payload;
    if (!isUuid(calendarId)) throw new Hopeless('an order to read nothing');
    const ended = await inPatience(attempt, () => this.reading.sync(calendarId));
    if (ended === 'paused') throw new RetryLater('Google asked to be left alone', PAUSE_WAIT_MS);
  }
}

/** Looks at an event that somebody seems to have dragged or deleted. */
@Injectable()
@HandlesOutbox({ name: 'calendar.look', topics: ['calendar.look'] })
export class CalendarLookHandler implements OutboxHandler {
  constructor(private readonly deciding: CalendarDeciding) {}

  async handle({ payload, attempt }: Effect): Promise<void> {
    const { bookingId, calendarId } = payload;
    if (!isUuid(bookingId) || !isUuid(calendarId)) throw new Hopeless('an order to look at nothing');
    await inPatience(attempt, () => this.deciding.look(bookingId, calendarId));
  }
}
