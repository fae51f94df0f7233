import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../auth/entities/account.entity.js';
import { BookingEvent, type BookingEventType } from '../bookings/entities/booking-event.entity.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { BusinessService } from '../business/business.service.js';
import { Business } from '../business/entities/business.entity.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import { ConsentService } from '../customers/consent.service.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { OptOutService } from '../customers/opt-out.service.js';
import { Payment } from '../payments/entities/payment.entity.js';
import { Refund } from '../payments/entities/refund.entity.js';
import { together } from '../database/together.js';
import type { Message } from './entities/message.entity.js';
import type {
  BookingFacts,
  BusinessFacts,
  Cause,
  PlanSnapshot,
  RecipientFacts,
  StaffRecipient,
} from './rules/plan.types.js';

/** The rows a message speaks of; null where it speaks of no booking or to no customer. */
export interface Subject {
  readonly business: Business;
  readonly booking: Booking | null;
  readonly customer: Customer | null;
  readonly staffName: string | null;
  readonly payment: Payment | null;
  readonly refund: Refund | null;
}

/** Which rows a message speaks of. */
export interface SubjectIds {
  readonly bookingId?: string | null | undefined;
  readonly customerId?: string | null | undefined;
  readonly paymentId?: string | null | undefined;
  readonly refundId?: string | null | undefined;
}

/** Who brought the booking into its state, when, and whether it was only held before. */
export interface KnownCause extends Cause {
  readonly eventId: string | null;
  readonly fromHold: boolean;
}

/** A contact and its keyed hash. */
export interface Address {
  readonly to: string;
  readonly hash: string;
}

/** Reads what the pure rules judge by, inside the caller's transaction. */
@Injectable()
export class MessageFacts {
  constructor(
    private readonly business: BusinessService,
    private readonly consents: ConsentService,
    private readonly optOuts: OptOutService,
  ) {}

  /** Everything about a message's booking and customer as they stand now. */
  async subject(em: EntityManager, ids: SubjectIds): Promise<Subject> {
    const [business, booking, payment, refund] = await together([
      this.business.get(em),
      ids.bookingId ? em.findOneOrFail(Booking, ids.bookingId, { refresh: true }) : null,
      ids.paymentId ? em.findOneOrFail(Payment, ids.paymentId) : null,
      ids.refundId ? em.findOneOrFail(Refund, ids.refundId) : null,
    ]);
    const customerId = booking?.customerId ?? ids.customerId;
    const [customer, resource] = await together([
      customerId ? em.findOneOrFail(Customer, customerId) : null,
      booking && em.findOneOrFail(Resource, booking.resourceId),
    ]);
    return { business, booking, customer, staffName: resource?.name ?? null, payment, refund };
  }

  /**
   * Where a message of ours to a customer goes today: a contact that was corrected after the planning counts, or a
   * stranger would read it. Null when there is none any more; undefined for messages that keep their address.
   */
  async presentAddress(em: EntityManager, message: Message): Promise<Address | null | undefined> {
    const isFixed = message.family === 'contact_changed' || message.class === 'staff';
    if (!message.automatic || isFixed || !message.customerId) return undefined;
    const customer = await em.findOne(Customer, message.customerId, { refresh: true });
    const to = message.channel === 'sms' ? customer?.phone : customer?.email;
    return to ? { to, hash: this.optOuts.contactHash(to) } : null;
  }

  /** What decides whether the person behind `contact` may be written to. */
  async recipient(
    em: EntityManager,
    customer: Customer | null,
    phone: string | null,
  ): Promise<RecipientFacts> {
    const [optedOut, consents] = await together([
      phone !== null && this.optOuts.isOptedOut(em, 'sms', phone),
      customer === null ? {} : this.consents.latest(em, customer.id),
    ]);
    return { timeZone: customer?.timeZone ?? null, optedOut, consents };
  }

  /** The newest event of that type, by id as in the booking's own history: for a booking without one, the salon's and just now. */
  async cause(em: EntityManager, booking: Booking, type: BookingEventType, now: Date): Promise<KnownCause> {
    const event = await em.findOne(
      BookingEvent,
      { bookingId: booking.id, type },
      { orderBy: { id: 'desc' } },
    );
    if (!event) return { by: 'salon', at: now, eventId: null, fromHold: false };
    const isOwn = event.actorKind === 'customer' || event.actorKind === 'guest';
    const isOnBehalf = type === 'cancelled' && booking.cancelledBy === 'customer';
    return {
      by: isOwn || isOnBehalf ? 'customer' : 'salon',
      at: event.at,
      eventId: event.id,
      fromHold: event.before?.status === 'held',
    };
  }

  /** What the planner looks at. */
  async planSnapshot(
    em: EntityManager,
    { booking, customer, business }: Subject & { booking: Booking; customer: Customer },
  ): Promise<PlanSnapshot> {
    const earlier = await em.count(BookingEvent, {
      customerId: customer.id,
      type: 'confirmed',
      bookingId: { $ne: booking.id },
    });
    return {
      booking: bookingFacts(booking),
      customer: {
        phone: customer.phone ?? null,
        email: customer.email ?? null,
        ...(await this.recipient(em, customer, customer.phone ?? null)),
      },
      business: businessFacts(business),
      staff: await this.staffOf(em, booking.resourceId),
      isFirstConfirmed: earlier === 0,
    };
  }

  /** Who looks after money that got stuck. */
  async managers(em: EntityManager): Promise<StaffRecipient[]> {
    return recipients(await em.find(Account, { role: ['manager', 'owner'], disabledAt: null }));
  }

  private async staffOf(em: EntityManager, resourceId: string): Promise<StaffRecipient[]> {
    return recipients(await em.find(Account, { resourceId, disabledAt: null }));
  }
}

function recipients(accounts: readonly Account[]): StaffRecipient[] {
  return accounts.map(({ id, email }) => ({ accountId: id, email }));
}

/** The booking in the rules' words. */
export function bookingFacts({
  id,
  status,
  revision,
  startsAt,
  createdAt,
  holdExpiresAt,
  paymentSignal,
  source,
}: Booking): BookingFacts {
  const isPaymentProcessing = paymentSignal === 'processing';
  return {
    id,
    status,
    revision,
    startsAt,
    createdAt,
    holdExpiresAt: holdExpiresAt ?? null,
    isPaymentProcessing,
    isImported: source === 'import',
  };
}

/** The salon's settings in the rules' words. */
export function businessFacts(business: Business): BusinessFacts {
  return {
    timeZone: business.timeZone,
    allowedFrom: business.quietFrom,
    allowedTo: business.quietTo,
    remindDayBefore: business.remindDayBefore,
    remindTwoHours: business.remindTwoHoursBefore,
  };
}
