import { Injectable } from '@nestjs/common';
import { NotFound } from '../common/domain-error.js';
import { BookingMoves, type NewPlace } from '../bookings/booking-moves.service.js';
import { BookingQueries } from '../bookings/booking-queries.service.js';
import type { BookingView } from '../bookings/booking.view.js';
import { BookingsService, type Cancellation } from '../bookings/bookings.service.js';
import type { PortalActor } from '../bookings/own-bookings.service.js';
import { Portal } from './portal.service.js';

const BY_THE_DESK = 'Asked for by the customer';

/** What is done in a customer's portal: by themselves under the rules of their deal, or by the desk on their behalf. */
@Injectable()
export class PortalChanges {
  constructor(
    private readonly portal: Portal,
    private readonly bookings: BookingsService,
    private readonly moves: BookingMoves,
    private readonly queries: BookingQueries,
  ) {}

  /** A second cancel answers as the first did. */
  async cancel(
    actor: PortalActor,
    { customerId, bookingId }: { customerId: string; bookingId: string },
    reason: string | null,
    version: number | null,
  ): Promise<Cancellation> {
    return this.portal.for(actor, customerId, async () => {
      await this.ofThem(actor, customerId, bookingId);
      if (actor.kind === 'customer') return this.bookings.cancelOwn(actor, bookingId, reason, version);
      const told = { reason: reason ?? BY_THE_DESK, onBehalfOf: 'customer' } as const;
      return this.bookings.cancelAsStaff(actor, bookingId, told, version);
    });
  }

  /** The desk is bound by neither window nor limit. */
  async reschedule(
    actor: PortalActor,
    { customerId, bookingId }: { customerId: string; bookingId: string },
    place: NewPlace,
    version: number | null,
  ): Promise<BookingView> {
    await this.portal.for(actor, customerId, () => this.ofThem(actor, customerId, bookingId));
    return actor.kind === 'customer'
      ? this.moves.moveOwn(actor, bookingId, place, version)
      : this.moves.moveAsStaff(actor, bookingId, place, version);
  }

  /** Customer and booking of the path must belong together, whoever asks. */
  private async ofThem(actor: PortalActor, customerId: string, bookingId: string): Promise<void> {
    const booking = await this.queries.get(actor, bookingId);
    if (booking.customerId !== customerId) throw new NotFound();
  }
}
