import type { Actor } from '../common/actor.js';
import { actorId } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { instantOfMinute } from '../common/time/zoned-time.js';
import type { Claimable } from '../scheduling/wish.types.js';
import type { StaffFit } from '../scheduling/wish.types.js';
import type { BookCommand, StaffLicence } from './booking-command.types.js';
import type { BookingState } from './entities/booking-state.types.js';
import type { BookingSource, BookingStatus } from './entities/booking.entity.js';
import { dueToConfirm, holdUntil, snapshotOf, type PolicySnapshot } from './policy.js';
import { newReference } from './reference.js';

/** A booking about to be written, in the shape the statement takes; every figure is the server's. */
export interface BookingDraft {
  id: string;
  eventId: string;
  reference: string;
  customerId: string;
  serviceId: string;
  resourceId: string;
  serviceName: string;
  startsAt: Date;
  endsAt: Date;
  bufferBeforeMinutes: number;
  bufferAfterMinutes: number;
  status: Extract<BookingStatus, 'held' | 'confirmed'>;
  holdExpiresAt: Date | null;
  source: BookingSource;
  notes: string | null;
  totalMinor: number;
  dueToConfirmMinor: number;
  paymentWaived: boolean;
  currency: string;
  paymentPolicy: 'full' | 'deposit' | 'none';
  policySnapshot: PolicySnapshot;
  createdAt: Date;
  actorKind: string;
  actorId: string | null;
  state: BookingState;
}

/** Everything that stays the same whoever of the candidates takes it. */
export interface DraftBasis {
  actor: Actor;
  customerId: string;
  command: BookCommand;
  licence: StaffLicence | null;
  claimable: Claimable;
  now: Date;
}

/** Works out a booking for one person: end from the duration, price from the catalogue, hold or confirmation from what is due. */
export function draftFor(basis: DraftBasis, fit: StaffFit): BookingDraft {
  const { actor, claimable, command, licence, now } = basis;
  const { service } = claimable.offered;
  const [startsAt, endsAt] = [instantOfMinute(fit.start), instantOfMinute(fit.end)];
  const id = newId();
  const money = moneyOf(basis, fit);
  const { status } = money;
  const asStaff = actor.kind === 'staff';
  return {
    id,
    eventId: newId(),
    reference: newReference(),
    customerId: basis.customerId,
    serviceId: service.id,
    resourceId: fit.staffId,
    serviceName: service.name,
    startsAt,
    endsAt,
    bufferBeforeMinutes: service.bufferBeforeMinutes,
    bufferAfterMinutes: service.bufferAfterMinutes,
    ...money,
    holdExpiresAt: status === 'held' ? holdUntil(now, startsAt, asStaff, claimable.salon.business) : null,
    source: sourceOf(actor, licence),
    notes: command.notes,
    policySnapshot: snapshotOf(claimable.salon.business, service),
    createdAt: now,
    actorKind: isGuest(actor) ? 'guest' : actor.kind,
    actorId: isGuest(actor) ? id : actorId(actor),
    state: { ...stateOf(startsAt, endsAt, fit.staffId, money), ...reasonOf(licence) },
  };
}

function sourceOf({ kind }: Actor, licence: StaffLicence | null): BookingSource {
  if (licence?.isImport) return 'import';
  if (kind === 'staff') return 'staff';
  return kind === 'customer' ? 'portal' : 'public';
}

/** Guests act as the system does for them: they exist only once their booking does. */
function isGuest(actor: Actor): boolean {
  return actor.kind === 'system' && actor.caller === 'guest-booking';
}

/** Price and what of it is due first; a booking with nothing due is confirmed at once. */
function moneyOf({ claimable, licence }: DraftBasis, fit: StaffFit) {
  const { service, offers } = claimable.offered;
  const own = offers.find((offer) => offer.resourceId === fit.staffId)?.priceMinor;
  const totalMinor = own ?? service.priceMinor;
  const due = dueToConfirm(totalMinor, service);
  const paymentWaived = Boolean(licence?.waiveReason) && due > 0;
  return {
    totalMinor,
    dueToConfirmMinor: due,
    paymentWaived,
    currency: service.currency,
    paymentPolicy: service.paymentPolicy,
    status: due === 0 || paymentWaived ? ('confirmed' as const) : ('held' as const),
  };
}

function stateOf(
  startsAt: Date,
  endsAt: Date,
  resourceId: string,
  { status, totalMinor, dueToConfirmMinor }: ReturnType<typeof moneyOf>,
): BookingState {
  return {
    status,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    resourceId,
    totalMinor,
    dueToConfirmMinor,
  };
}

/** An override and a waiver may come together: the history shows the first and keeps both. */
function reasonOf(licence: StaffLicence | null): Pick<BookingState, 'reason' | 'waiveReason'> {
  const { overrideReason, waiveReason } = licence ?? {};
  if (overrideReason && waiveReason) return { reason: overrideReason, waiveReason };
  const reason = overrideReason ?? waiveReason;
  return reason ? { reason } : {};
}
