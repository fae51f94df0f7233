import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import type { Money } from '../common/money.js';
import { Database } from '../database/database.service.js';
import { BookingChanges } from './booking-changes.service.js';
import { BookingQueries } from './booking-queries.service.js';
import type { BookingView } from './booking.view.js';

/** Changes what a booking costs: the one way past the rule that a deal keeps its price. */
@Injectable()
export class BookingPrices {
  constructor(
    private readonly database: Database,
    private readonly changes: BookingChanges,
    private readonly queries: BookingQueries,
  ) {}

  /**
   * Both amounts and the reason stay in the history. A held booking that has nothing left to pay is confirmed in the
   * same commit, for nobody else would: no payment will come. The present price again changes nothing.
   */
  async change(
    actor: StaffActor,
    id: string,
    { price, reason }: { price: Money; reason: string },
    version: number | null,
  ): Promise<BookingView> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await this.changes.lock(em, actor, id, version);
      const before = booking.state;
      booking.reprice(price, now);
      if (booking.totalMinor !== before.totalMinor) {
        await this.changes.record(em, actor, booking, now, {
          type: 'price_changed',
          topic: null,
          by: 'salon',
          before,
          reason,
        });
      }
      if (booking.status === 'held' && booking.amountDueMinor === 0) {
        const held = booking.state;
        await this.changes.confirm(em, booking);
        await this.changes.record(em, actor, booking, now, {
          type: 'confirmed',
          topic: 'booking.confirmed',
          by: 'salon',
          before: held,
        });
      }
      return this.queries.view(em, booking, now);
    });
  }
}
