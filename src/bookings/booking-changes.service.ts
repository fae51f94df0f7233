import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  actorId,
  type Actor,
  type CustomerActor,
  type GuestActor,
  type StaffActor,
  type SystemActor,
} from '../common/actor.js';
import { NotFound, VersionMismatch } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { ManageLinks } from '../auth/manage-links.service.js';
import { BusinessService } from '../business/business.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Allocations } from '../scheduling/allocations.service.js';
import { HoldExpired, type SalonContact } from './bookings.errors.js';
import { BOOKING_TOPICS, bookingFact, type BookingTopic, type Initiator } from './bookings.events.js';
import { visibleTo } from './booking.scope.js';
import { BookingEvent, type BookingEventType } from './entities/booking-event.entity.js';
import type { BookingState } from './entities/booking-state.types.js';
import { Booking } from './entities/booking.entity.js';

/** Anybody who may act on a booking that exists. */
export type BookingActor = CustomerActor | GuestActor | StaffActor;

/** The same, or the application itself on behalf of a calendar. */
export type MovingActor = BookingActor | SystemActor;

/** What a command does to a locked booking, and how it is told. */
export interface Change {
  type: BookingEventType;
  topic: BookingTopic | null;
  by: Initiator;
  before: BookingState;
  reason?: string | null;
  /** Further members of the fact's payload. */
  told?: Readonly<Record<string, string | number | boolean>>;
}

/** Loading, locking and recording: what every change of a booking has in common. Joins the caller's transaction. */
@Injectable()
export class BookingChanges implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly business: BusinessService,
    private readonly links: ManageLinks,
    private readonly allocations: Allocations,
  ) {}

  onModuleInit(): void {
    this.outbox.declare(BOOKING_TOPICS);
  }

  /** Another's booking is not found, never forbidden: existence is itself private. `version` is the one that was read, if any. */
  async lock(em: EntityManager, actor: MovingActor, id: string, version: number | null): Promise<Booking> {
    const booking = await em.findOne(
      Booking,
      { $and: [{ id }, visibleTo(actor)] },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!booking) throw new NotFound();
    if (version !== null && booking.version !== version) throw new VersionMismatch();
    return booking;
  }

  /** Whom a refusal tells to call. */
  async contact(em: EntityManager): Promise<SalonContact> {
    const { name, phone, email } = await this.business.get(em);
    return { name, phone: phone ?? null, email: email ?? null };
  }

  /** Appends the history row, the audit line and the fact that others act upon. */
  async record(em: EntityManager, actor: Actor, booking: Booking, now: Date, change: Change): Promise<void> {
    const reason = change.reason ? { reason: change.reason } : {};
    em.create(BookingEvent, {
      bookingId: booking.id,
      customerId: booking.customerId,
      revision: booking.revision,
      type: change.type,
      actorKind: actor.kind,
      actorId: actorId(actor),
      at: now,
      before: change.before,
      after: { ...booking.state, ...reason },
    });
    await em.flush();
    if (change.topic) await this.outbox.add(em, bookingFact(change.topic, booking, change.by, change.told));
    await this.audit.record(em, actor, {
      action: `booking.${change.type}`,
      subjectKind: 'booking',
      subjectId: booking.id,
    });
  }

  /** A hold becomes an appointment, provided that its time is still its own. */
  async confirm(em: EntityManager, booking: Booking): Promise<void> {
    booking.confirm();
    if (!(await this.allocations.makeFirm(em, booking))) throw new HoldExpired();
  }

  /** Links that were sent out name a time that no longer holds. */
  async revokeLinks(em: EntityManager, booking: Booking): Promise<void> {
    await this.links.revokeAll(em, booking.id);
  }
}
