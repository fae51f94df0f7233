import { Injectable } from '@nestjs/common';
import { isUuid } from '../common/ids.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { CalendarDeciding } from './calendar-deciding.service.js';
import { CalendarSync } from './calendar-sync.service.js';
import { inPatience, orWait } from './patience.js';

/** Reads what changed in a calendar. */
@Injectable()
@HandlesOutbox({ name: 'calendar.sync', topics: ['calendar.sync'], lane: 'calendar' })
export class CalendarSyncHandler implements OutboxHandler {
  constructor(private readonly reading: CalendarSync) {}

  async handle({ payload, attempt }: Effect): Promise<void> {
    const { calendarId } = payload;
    if (!isUuid(calendarId)) throw new Hopeless('an order to read nothing');
    orWait(await inPatience(attempt, () => this.reading.sync(calendarId)));
  }
}

/** Looks at an event that somebody seems to have dragged or deleted. */
@Injectable()
@HandlesOutbox({ name: 'calendar.look', topics: ['calendar.look'], lane: 'calendar' })
export class CalendarLookHandler implements OutboxHandler {
  constructor(private readonly deciding: CalendarDeciding) {}

  async handle({ payload, attempt }: Effect): Promise<void> {
    const { bookingId, calendarId } = payload;
    if (!isUuid(bookingId) || !isUuid(calendarId)) throw new Hopeless('an order to look at nothing');
    await inPatience(attempt, () => this.deciding.look(bookingId, calendarId));
  }
}
