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
import type { Answers, Question } from '../database/question.js';
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
  readonly customer: Readonly<Customer>;
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

  /** Five statements sent together: one after the other, each would wait for the one before. */
  async whole(actor: PortalActor, customerId: string): Promise<WholePortal> {
    const [customer, ...rest] = await this.database.ask(actor, [
      this.profiles.whose(actor, customerId),
      ...this.beside(actor, customerId),
    ]);
    return pageOf(customer, rest);
  }

  /** By the address in the path; one that is none names nobody. */
  async wholeByEmail(actor: PortalActor, email: string | null): Promise<WholePortal> {
    if (email === null) throw new NotFound();
    return this.database.transact(actor, async () => {
      const customer = await this.profiles.byEmail(actor, email);
      return pageOf(customer, await this.database.ask(actor, this.beside(actor, customer.id)));
    });
  }

  async upcoming(actor: PortalActor, customerId: string): Promise<UpcomingBooking[]> {
    const [, standing, upcoming] = await this.database.ask(actor, [
      this.profiles.whose(actor, customerId),
      this.bookings.standing(actor, customerId),
      this.bookings.upcoming(actor, customerId),
    ]);
    return upcoming(standing);
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
    return this.onlyFor(actor, customerId, this.bookings.standing(actor, customerId));
  }

  async paymentsOf(actor: PortalActor, customerId: string, query: PageQuery): Promise<PaymentView[]> {
    return this.onlyFor(actor, customerId, this.payments.own(actor, customerId, query));
  }

  async messagesOf(actor: PortalActor, customerId: string, query: PageQuery): Promise<Message[]> {
    return this.for(actor, customerId, () => this.messages.listOf(actor, customerId, query));
  }

  async activity(actor: PortalActor, customerId: string): Promise<Happening[]> {
    return this.onlyFor(actor, customerId, happenings(actor, customerId));
  }

  /** Work inside the portal of a customer whom the actor may see; `NotFound` before anything else is read. */
  async for<T>(actor: PortalActor, customerId: string, work: () => Promise<T>): Promise<T> {
    return this.database.transact(actor, async () => {
      await this.profiles.get(actor, customerId);
      return work();
    });
  }

  /** What the first page shows beside whose it is. */
  private beside(actor: PortalActor, customerId: string) {
    return [
      this.bookings.standing(actor, customerId),
      this.bookings.upcoming(actor, customerId),
      this.payments.own(actor, customerId, { limit: LATEST_PAYMENTS }),
      happenings(actor, customerId),
    ] as const;
  }

  private async onlyFor<T>(actor: PortalActor, customerId: string, question: Question<T>): Promise<T> {
    const [, answer] = await this.database.ask(actor, [this.profiles.whose(actor, customerId), question]);
    return answer;
  }
}

function pageOf(
  customer: Readonly<Customer>,
  [standing, upcoming, payments, activity]: Answers<ReturnType<Portal['beside']>>,
): WholePortal {
  return {
    ...{ customer, standing, activity },
    upcoming: upcoming(standing),
    payments: payments.slice(0, LATEST_PAYMENTS),
  };
}

function happenings(actor: PortalActor, customerId: string): Question<Happening[]> {
  const from = actor.kind === 'customer' ? actor.historyFrom : null;
  return {
    statement: PORTAL_ACTIVITY,
    values: [customerId, from, RECENT],
    answer: (rows: Happening[]) => rows,
  };
}
