import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../auth/entities/account.entity.js';
import { BookingEvent, type BookingEventType } from '../bookings/entities/booking-event.entity.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { Business } from '../business/entities/business.entity.js';
import { ConsentService } from '../customers/consent.service.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { OptOutService } from '../customers/opt-out.service.js';
import { Payment } from '../payments/entities/payment.entity.js';
import { Refund } from '../payments/entities/refund.entity.js';
import { detached } from '../database/detached.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import type { Message } from './entities/message.entity.js';
import {
  MESSAGE_TARGET,
  SUBJECT_BOOKER,
  SUBJECT_BOOKING,
  SUBJECT_BUSINESS,
  SUBJECT_CUSTOMER,
  SUBJECT_PAYMENT,
  SUBJECT_REFUND,
} from './message-facts.sql.js';
import type {
  BookingFacts,
  BusinessFacts,
  Cause,
  PlanSnapshot,
  RecipientFacts,
  StaffRecipient,
} from './rules/plan.types.js';
import type { MessageChannel } from './text/families.js';

/** The rows a message speaks of; null where it speaks of no booking or to no customer. */
export interface Subject {
  readonly business: Readonly<Business>;
  readonly booking: Readonly<Booking> | null;
  readonly customer: Readonly<Customer> | null;
  readonly staffName: string | null;
  readonly payment: Readonly<Payment> | null;
  readonly refund: Readonly<Refund> | null;
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

/** What is locked for a message, in the order everybody keeps. */
export interface Target {
  readonly channel: MessageChannel;
  readonly bookingId: string | null;
  /** Of the contact it goes to today. */
  readonly toHash: string;
}

type Addressed = Pick<Message, 'channel' | 'family' | 'class' | 'automatic' | 'customerId'>;

interface Contacts {
  readonly phone?: string | null | undefined;
  readonly email?: string | null | undefined;
}

interface TargetRow extends Contacts, Pick<Message, 'channel' | 'family' | 'class' | 'automatic'> {
  readonly customer_id: string | null;
  readonly booking_id: string | null;
  readonly to_hash: string;
}

interface BookingRow extends QueryResultRow {
  readonly staff_name: string;
}

/** Reads what the pure rules judge by, inside the caller's transaction. */
@Injectable()
export class MessageFacts {
  constructor(
    private readonly consents: ConsentService,
    private readonly optOuts: OptOutService,
  ) {}

  /** Everything about a message's booking and customer as they stand now, asked at once. */
  async subject(
    em: EntityManager,
    { bookingId, customerId, paymentId, refundId }: SubjectIds,
  ): Promise<Subject> {
    const [businesses, bookings, customers, payments, refunds] = await together([
      run<QueryResultRow>(em, SUBJECT_BUSINESS),
      bookingId ? run<BookingRow>(em, SUBJECT_BOOKING, [bookingId]) : [],
      customerOf(em, bookingId, customerId),
      paymentId ? run<QueryResultRow>(em, SUBJECT_PAYMENT, [paymentId]) : [],
      refundId ? run<QueryResultRow>(em, SUBJECT_REFUND, [refundId]) : [],
    ]);
    const [business] = detached(em, Business, businesses);
    const [booking] = detached(em, Booking, bookings);
    if (!business || (bookingId && !booking)) throw new Error('a message about nothing that exists');
    return {
      ...{ business, booking: booking ?? null, staffName: bookings[0]?.staff_name ?? null },
      customer: detached(em, Customer, customers)[0] ?? null,
      payment: detached(em, Payment, payments)[0] ?? null,
      refund: detached(em, Refund, refunds)[0] ?? null,
    };
  }

  /** What has to be locked before a message is begun; null where there is no such message of ours. */
  async target(em: EntityManager, messageId: string): Promise<Target | null> {
    const [row] = await run<TargetRow>(em, MESSAGE_TARGET, [messageId]);
    if (!row) return null;
    const { channel, family, automatic, booking_id: bookingId, customer_id: customerId } = row;
    const address = this.presentAddress({ channel, family, automatic, customerId, class: row.class }, row);
    return { channel, bookingId, toHash: address?.hash ?? row.to_hash };
  }

  /**
   * Where a message of ours to a customer goes today: a contact that was corrected after the planning counts, or a
   * stranger would read it. Null when there is none any more; undefined for messages that keep their address.
   */
  presentAddress(message: Addressed, customer: Contacts | null): Address | null | undefined {
    if (keepsItsAddress(message)) return undefined;
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

/** Words of people, to staff, and about a contact that was given up go where they were meant to go. */
export function keepsItsAddress(message: Omit<Addressed, 'channel'>): boolean {
  const isFixed = message.family === 'contact_changed' || message.class === 'staff';
  return !message.automatic || isFixed || !message.customerId;
}

/** A booking's customer is whom it speaks to; without a booking, the message's own. */
async function customerOf(
  em: EntityManager,
  bookingId: string | null | undefined,
  customerId: string | null | undefined,
): Promise<QueryResultRow[]> {
  if (bookingId) return run(em, SUBJECT_BOOKER, [bookingId]);
  return customerId ? run(em, SUBJECT_CUSTOMER, [customerId]) : [];
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
