import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import {
  GUEST_BOOKING,
  type Actor,
  type CustomerActor,
  type PublicActor,
  type StaffActor,
} from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { instantOfMinute } from '../common/time/zoned-time.js';
import { AuditLog } from '../audit/audit.service.js';
import { newManageLink, type NewManageLink } from '../auth/manage-link.types.js';
import { decisionsAtBooking } from '../customers/consent.types.js';
import { Database } from '../database/database.service.js';
import { TryAgain, violates } from '../database/errors.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import { failpoint } from '../common/failpoint.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Allocations } from '../scheduling/allocations.service.js';
import type { Salon } from '../scheduling/salon.types.js';
import { StartRefused, type StaffFit, type Wish } from '../scheduling/wish.types.js';
import type { BookCommand, BookedFor, GuestContact, StaffLicence } from './booking-command.types.js';
import {
  BOOKED_JUST_NOW,
  CREATE_BOOKING,
  LOCK_CUSTOMER,
  OPEN_OF_CONTACT,
  OPEN_OF_CUSTOMER,
} from './booking-creation.sql.js';
import { BookingQueries } from './booking-queries.service.js';
import { draftFor, type BookingDraft, type DraftBasis } from './booking.draft.js';
import { viewOfDraft, type BookingView } from './booking.view.js';
import { ActiveBookingLimit, HoldLimit } from './bookings.errors.js';
import { bookingFact } from './bookings.events.js';

/** What a customer or two contacts have open. */
interface Open {
  holds: number;
  active: number;
  /** Of a signed-in customer, who may be told which; a contact's are nobody's to know. */
  ids?: string[];
}

/** What came of a wish: a booking, made now or, for a wish that came twice, a moment ago. */
export interface Booked {
  readonly booking: BookingView;
  readonly isNew: boolean;
}

const NONE_OPEN: Open = { holds: 0, active: 0 };

/** Everything one attempt to book needs besides the transaction. */
interface Attempt {
  actor: Actor;
  bookedFor: BookedFor;
  command: BookCommand;
  licence: StaffLicence | null;
  wish: Wish;
  salon: Salon;
  /** Whether the same wish just before is taken for this one. */
  mayRepeat: boolean;
}

/** Makes bookings. The slot is checked for the message and claimed by the constraint; a lost race leaves nothing behind. */
@Injectable()
export class BookingCreation {
  constructor(
    private readonly database: Database,
    private readonly allocations: Allocations,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly queries: BookingQueries,
  ) {}

  /** A visitor books: a customer row of its own, and a manage token in the answer, once. */
  async bookAsGuest(_actor: PublicActor, guest: GuestContact, command: BookCommand): Promise<BookingView> {
    return (await this.book(GUEST_BOOKING, { guest }, command)).booking;
  }

  /**
   * A signed-in customer books for themselves. A second wish for the same service and start within two minutes is a finger that
   * slipped, and gets the first booking again, unless the client tells its requests apart by keys.
   */
  async bookAsCustomer(actor: CustomerActor, command: BookCommand, isKeyed: boolean): Promise<Booked> {
    return this.book(actor, { customerId: actor.customerId }, command, { mayRepeat: !isKeyed });
  }

  /** Staff book for somebody; rules bend with a reason, taken time does not. */
  async bookAsStaff(
    actor: StaffActor,
    bookedFor: BookedFor,
    command: BookCommand,
    licence: StaffLicence,
  ): Promise<BookingView> {
    return (await this.book(actor, bookedFor, command, { licence })).booking;
  }

  private async book(
    actor: Actor,
    bookedFor: BookedFor,
    command: BookCommand,
    { licence = null, mayRepeat = false }: { licence?: StaffLicence | null; mayRepeat?: boolean } = {},
  ): Promise<Booked> {
    const wish = {
      serviceId: command.serviceId,
      staffId: command.staffId,
      start: command.start,
      orAnybody: false,
      asStaff: licence !== null,
    };
    return this.allocations.claiming(wish, null, (salon) =>
      this.database.transact(actor, (em, now) =>
        this.attempt(em, now, { actor, bookedFor, command, licence, wish, salon, mayRepeat }),
      ),
    );
  }

  private async attempt(em: EntityManager, now: Date, attempt: Attempt): Promise<Booked> {
    const { actor, command, licence, wish, salon } = attempt;
    const contacts = contactsOf(attempt.bookedFor);
    // A customer's row has to be had before the resources; a guest's locks travel with theirs.
    const known = 'customerId' in attempt.bookedFor ? await this.openOfCustomer(em, attempt.bookedFor) : null;
    const earlier = await this.bookedJustNow(em, attempt);
    if (earlier) return { booking: earlier, isNew: false };
    const looking = this.allocations.forNew(em, salon, wish, now, contacts);
    const [open, claimable] = await together([known ?? this.openOfContacts(em, attempt.bookedFor), looking]);
    if (!licence?.overrideReason) this.refuseBeyondLimits(open, attempt);
    const isGuest = 'guest' in attempt.bookedFor;
    const customerId = 'guest' in attempt.bookedFor ? newId() : attempt.bookedFor.customerId;
    const basis: DraftBasis = { actor, customerId, command, licence, claimable, now };
    const link = isGuest && actor.kind !== 'staff' ? newManageLink() : null;
    const { draft, fit } = await this.claimBest(em, basis, attempt, link);
    await this.auditLicence(em, actor, draft, licence);
    failpoint('booking.before-commit');
    this.database.afterCommit(() => failpoint('booking.after-commit'));
    this.outbox.wakeAfterCommit();
    return { booking: viewOfDraft(draft, fit, claimable, link?.token ?? null), isNew: true };
  }

  /** With the customer locked: of two wishes at once, the second sees what came of the first. */
  private async bookedJustNow(em: EntityManager, attempt: Attempt): Promise<BookingView | null> {
    const { actor, command, mayRepeat } = attempt;
    if (!mayRepeat || actor.kind !== 'customer') return null;
    const { serviceId, start } = command;
    const [same] = await run<{ id: string }>(em, BOOKED_JUST_NOW, [actor.customerId, serviceId, start]);
    return same ? this.queries.get(actor, same.id) : null;
  }

  /** Tries the candidates best first; whoever lost a race meanwhile is passed over. */
  private async claimBest(
    em: EntityManager,
    basis: DraftBasis,
    attempt: Attempt,
    link: NewManageLink | null,
  ) {
    for (const fit of basis.claimable.fits) {
      if (basis.claimable.blockedByExpired) await this.allocations.freeExpired(em, fit);
      const draft = draftFor(basis, fit);
      if (await this.insert(em, draft, fit, attempt, link)) return { draft, fit };
    }
    throw new StartRefused('slot-unavailable');
  }

  private async insert(
    em: EntityManager,
    draft: BookingDraft,
    fit: StaffFit,
    { bookedFor, command, salon, actor }: Attempt,
    link: NewManageLink | null,
  ): Promise<boolean> {
    const guest = 'guest' in bookedFor ? bookedFor.guest : null;
    const customer = guest && {
      ...guest,
      id: draft.customerId,
      locale: guest.locale ?? salon.business.locale,
      createdAt: draft.createdAt,
    };
    const consents = decisionsAtBooking(Boolean(guest?.phone), command.consents);
    const by = actor.kind === 'staff' ? 'salon' : 'customer';
    const fact = bookingFact(
      draft.status === 'held' ? 'booking.held' : 'booking.confirmed',
      { id: draft.id, revision: 1 },
      by,
    );
    const rows = await this.create(em, [
      newId(),
      fit.staffId,
      instantOfMinute(fit.blockedFrom),
      instantOfMinute(fit.blockedTo),
      draft.holdExpiresAt,
      JSON.stringify(draft),
      customer && JSON.stringify(customer),
      JSON.stringify(consents.map((consent) => ({ id: newId(), ...consent }))),
      link && JSON.stringify({ id: newId(), tokenHash: link.tokenHash, expiresAt: draft.endsAt }),
      JSON.stringify(this.outbox.rowsFor(fact)),
    ]);
    return rows.length === 1;
  }

  /** A reference that exists already was drawn by chance; the command draws another. */
  private async create(em: EntityManager, values: unknown[]): Promise<unknown[]> {
    try {
      return await run(em, CREATE_BOOKING, values);
    } catch (error) {
      throw violates(error, 'booking_reference_unique') ? new TryAgain('the reference is taken') : error;
    }
  }

  /** Locks the customer, then counts what they have open. */
  private async openOfCustomer(em: EntityManager, { customerId }: { customerId: string }): Promise<Open> {
    const [customer] = await run(em, LOCK_CUSTOMER, [customerId]);
    if (!customer) throw new NotFound();
    const [open] = await run<Open>(em, OPEN_OF_CUSTOMER, [customerId]);
    return { active: open?.active ?? 0, holds: 0, ids: open?.ids ?? [] };
  }

  /** Sent after the contacts' locks on the same connection, so that it counts what their last holder made. */
  private async openOfContacts(em: EntityManager, bookedFor: BookedFor): Promise<Open> {
    if (!('guest' in bookedFor)) return NONE_OPEN;
    const [open] = await run<Open>(em, OPEN_OF_CONTACT, [bookedFor.guest.phone, bookedFor.guest.email]);
    return open ?? NONE_OPEN;
  }

  private refuseBeyondLimits(open: Open, { salon, actor }: Attempt): void {
    const { maxActiveBookings, maxHoldsPerContact } = salon.business;
    if (open.active >= maxActiveBookings)
      throw new ActiveBookingLimit(maxActiveBookings, actor.kind === 'customer' ? (open.ids ?? []) : null);
    if (actor.kind !== 'staff' && open.holds >= maxHoldsPerContact) throw new HoldLimit(maxHoldsPerContact);
  }

  private async auditLicence(
    em: EntityManager,
    actor: Actor,
    draft: BookingDraft,
    licence: StaffLicence | null,
  ): Promise<void> {
    if (actor.kind !== 'staff') return;
    const details = { waived: draft.paymentWaived, overridden: Boolean(licence?.overrideReason) };
    await this.audit.record(em, actor, {
      action: 'booking.created',
      subjectKind: 'booking',
      subjectId: draft.id,
      details,
    });
  }
}

/** Under whose locks a guest books: phone and e-mail, since there is no row to lock. */
function contactsOf(bookedFor: BookedFor): string[] {
  if (!('guest' in bookedFor)) return [];
  return [bookedFor.guest.phone, bookedFor.guest.email].filter((contact) => contact !== null);
}
