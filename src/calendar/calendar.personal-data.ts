import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { HoldsPersonalData, NO_BLOCKERS, type PersonalData } from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { calendarReconcile } from './calendar.events.js';
import { LINKS_FORGET } from './calendar.sql.js';

/** Names and contacts in Google's events; here stands only which event is whose booking's. */
@Injectable()
@HoldsPersonalData({ section: 'calendar', order: 45 })
export class CalendarPersonalData implements PersonalData {
  constructor(private readonly outbox: Outbox) {}

  async blockers(): Promise<readonly string[]> {
    return NO_BLOCKERS;
  }

  async export() {
    return {};
  }

  /** Has every event of theirs written anew, without them; those of a broken account once it is connected again. */
  async erase(em: EntityManager, customerId: string) {
    const links = await run<{ booking_id: string }>(em, LINKS_FORGET, [customerId]);
    await this.outbox.add(em, ...links.map(({ booking_id }) => calendarReconcile(booking_id)));
    return { calendar_link: links.length };
  }
}
