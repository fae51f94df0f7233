import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import {
  HoldsPersonalData,
  NO_BLOCKERS,
  type PersonalData,
  type StoredRow,
} from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { BookingsService } from './bookings.service.js';
import {
  BOOKING_ERASE,
  BOOKING_EVENT_ERASE,
  BOOKING_EVENT_EXPORT,
  BOOKING_EXPORT,
  BOOKING_OPEN,
} from './personal-data.sql.js';

/** Bookings and their history. Whoever leaves for good does not come: what is open is cancelled under the deal's own rules. */
@Injectable()
@HoldsPersonalData({ section: 'bookings', order: 10 })
export class BookingsPersonalData implements PersonalData {
  constructor(private readonly bookings: BookingsService) {}

  async blockers(): Promise<readonly string[]> {
    return NO_BLOCKERS;
  }

  async export(em: EntityManager, customerId: string) {
    const bookings = await run<{ row: StoredRow }>(em, BOOKING_EXPORT, [customerId]);
    const events = await run<{ row: StoredRow }>(em, BOOKING_EVENT_EXPORT, [customerId]);
    return { booking: bookings.map(({ row }) => row), booking_event: events.map(({ row }) => row) };
  }

  async erase(em: EntityManager, customerId: string, now: Date) {
    const open = await run<{ id: string }>(em, BOOKING_OPEN, [customerId, now]);
    for (const { id } of open) await this.bookings.cancelForErasure(WORKER, id);
    const cut = await run(em, BOOKING_ERASE, [customerId]);
    const [history] = await run<{ rows: number }>(em, BOOKING_EVENT_ERASE, [customerId]);
    return { booking: cut.length, booking_event: history?.rows ?? 0, cancelled: open.length };
  }
}
