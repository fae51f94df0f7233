import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run, type Statement } from '../database/statement.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { Allocations } from '../scheduling/allocations.service.js';
import { BookingChanges, type Change } from './booking-changes.service.js';
import { EXPIRED_HOLDS, UNMARKED } from './booking-sweep.sql.js';
import { Booking } from './entities/booking.entity.js';

const SWEEP_MS = 15_000;
const BATCH = 50;

/** Lets time pass for bookings: holds run out, appointments count as done. Safe on any number of nodes: rows are skipped, not waited for. */
@Injectable()
export class BookingSweeper implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly changes: BookingChanges,
    private readonly allocations: Allocations,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(SWEEP_MS, 'bookings', () => this.sweep());
  }

  /** Everything that is due now; returns how many bookings changed. */
  async sweep(): Promise<number> {
    return (
      (await this.each(EXPIRED_HOLDS, (booking) => this.expire(booking))) +
      (await this.each(UNMARKED, (booking, now) => this.complete(booking, now)))
    );
  }

  private async each(due: Statement, change: (booking: Booking, now: Date) => Change): Promise<number> {
    for (let changed = 0; ;) {
      const found = await this.database.transact(WORKER, async (em, now) => {
        const ids = (await run<{ id: string }>(em, due, [BATCH])).map((row) => row.id);
        const bookings = await em.find(Booking, { id: { $in: ids } });
        for (const booking of bookings) {
          await this.changes.record(em, WORKER, booking, now, change(booking, now));
          if (booking.status === 'expired') await this.allocations.release(em, booking.id);
        }
        return bookings.length;
      });
      changed += found;
      if (found < BATCH) return changed;
    }
  }

  private expire(booking: Booking): Change {
    const before = booking.state;
    booking.expire();
    return { type: 'expired', topic: 'booking.expired', by: 'customer', before };
  }

  private complete(booking: Booking, now: Date): Change {
    const before = booking.state;
    booking.complete(now);
    return { type: 'completed', topic: 'booking.completed', by: 'salon', before };
  }
}
