import { Injectable } from '@nestjs/common';
import { NotFound } from '../common/domain-error.js';
import type { PageQuery } from '../common/page.js';
import type { BookingView } from '../bookings/booking.view.js';
import {
  OwnBookings,
  type PortalActor,
  type Standing,
  type UpcomingBooking,
} from '../bookings/own-bookings.service.js';
import type { Customer } from '../customers/entities/customer.entity.js';
import { Profiles } from '../customers/profiles.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import type { Message } from '../messaging/entities/message.entity.js';
import { MessageQueries } from '../messaging/message-queries.service.js';
import { PaymentQueries } from '../payments/payment-queries.service.js';
import type { PaymentView } from '../payments/payment.view.js';
import { PORTAL_ACTIVITY } from './portal.sql.js';

const RECENT = 20;
const LATEST_PAYMENTS = 20;

/** Something that happened to a customer; `what` is the code of its kind. */
export interface Happening {
  readonly at_ms: number;
  readonly kind: 'booking' | 'payment' | 'refund' | 'message' | 'account';
  readonly what: string;
  readonly booking_id: string | null;
}

/** Everything the portal's first page shows. */
export interface WholePortal {
  readonly customer: Customer;
  readonly standing: Standing;
  readonly upcoming: readonly UpcomingBooking[];
  readonly activity: readonly Happening[];
  readonly payments: readonly PaymentView[];
}

/** A past or future booking with the money that was paid for it. */
export interface PaidBooking {
  readonly id: string;
  readonly booking: BookingView;
  readonly payments: readonly PaymentView[];
}

/**
 * One customer's view of the salon. Whose it is is asked first, in the transaction of the answer; what follows asks for the same
 * person again in each *where*.
 */
@Injectable()
export class Portal {
  constructor(
    private readonly database: Database,
    private readonly profiles: Profiles,
    private readonly bookings: OwnBookings,
    private readonly payments: PaymentQueries,
    private readonly messages: MessageQueries,
  ) {}

  async whole(actor: PortalActor, customerId: string): Promise<WholePortal> {
    return this.database.transact(actor, () =>
      this.of(actor, customerId, this.profiles.get(actor, customerId)),
    );
  }

  /** By the address in the path; one that is none names nobody. */
  async wholeByEmail(actor: PortalActor, email: string | null): Promise<WholePortal> {
    if (email === null) throw new NotFound();
    return this.database.transact(actor, async () => {
      const customer = await this.profiles.byEmail(actor, email);
      return this.of(actor, customer.id, Promise.resolve(customer));
    });
  }

  async upcoming(actor: PortalActor, customerId: string): Promise<UpcomingBooking[]> {
    return this.for(actor, customerId, () => this.bookings.upcoming(actor, customerId));
  }

  /** Reads one row more than the page shows. */
  async history(actor: PortalActor, customerId: string, query: PageQuery): Promise<PaidBooking[]> {
    return this.for(actor, customerId, async () => {
      const bookings = await this.bookings.history(actor, customerId, query);
      const ids = bookings.map(({ id }) => id);
      const payments = await this.payments.ofBookings(actor, ids);
      return bookings.map((booking) => ({
        id: booking.id,
        booking,
        payments: payments.get(booking.id) ?? [],
      }));
    });
  }

  async stats(actor: PortalActor, customerId: string): Promise<Standing> {
    return this.for(actor, customerId, () => this.bookings.standing(actor, customerId));
  }

  async paymentsOf(actor: PortalActor, customerId: string, query: PageQuery): Promise<PaymentView[]> {
    const all = { bookingId: null, state: null, provider: null, from: null, to: null };
    return this.for(actor, customerId, () => this.payments.list(actor, query, { ...all, customerId }));
  }

  async messagesOf(actor: PortalActor, customerId: string, query: PageQuery): Promise<Message[]> {
    return this.for(actor, customerId, () => this.messages.listOf(actor, customerId, query));
  }

  async activity(actor: PortalActor, customerId: string): Promise<Happening[]> {
    return this.for(actor, customerId, () => this.happenings(actor, customerId));
  }

  /** Work inside the portal of a customer whom the actor may see; `NotFound` before anything else is read. */
  async for<T>(actor: PortalActor, customerId: string, work: () => Promise<T>): Promise<T> {
    return this.database.transact(actor, async () => {
      await this.profiles.get(actor, customerId);
      return work();
    });
  }

  /** Five statements sent together: one after the other, each would wait for the one before. */
  private async of(actor: PortalActor, id: string, found: Promise<Customer>): Promise<WholePortal> {
    const counted = this.bookings.standing(actor, id);
    const [customer, standing, upcoming, payments, activity] = await together([
      found,
      counted,
      this.bookings.upcoming(actor, id, counted),
      this.payments.latest(actor, id, LATEST_PAYMENTS),
      this.happenings(actor, id),
    ]);
    return { customer, standing, upcoming, payments, activity };
  }

  private happenings(actor: PortalActor, customerId: string): Promise<Happening[]> {
    const from = actor.kind === 'customer' ? actor.historyFrom : null;
    return this.database.transact(actor, (em) =>
      run<Happening>(em, PORTAL_ACTIVITY, [customerId, from, RECENT]),
    );
  }
}
