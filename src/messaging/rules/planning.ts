import type { MessageChannel, MessageFamily } from '../text/families.js';
import { consentRefusal } from './consent.js';
import type { MessageClass, PlannedMessage, PlanSnapshot } from './plan.types.js';

/** Word of money or of a cancellation, and notices to staff, are worth a day even after the start. */
export const RECORD_LIVES_MS = 24 * 3_600_000;

/** What every plan looks at. */
export interface PlanningBasis {
  readonly snapshot: PlanSnapshot;
  readonly now: Date;
}

/** How one piece of news goes out on both channels; due now unless told. */
export interface Wish {
  readonly expiresAt: Date;
  readonly key: (channel: MessageChannel, to: string) => string;
  readonly afterKey?: (channel: MessageChannel) => string;
  readonly dueAt?: Date;
  readonly paymentId?: string;
}

/** A text and an e-mail, each where the customer can and may be reached that way. */
export function onBothChannels(
  basis: PlanningBasis,
  family: MessageFamily,
  { key, afterKey, ...same }: Wish,
): PlannedMessage[] {
  return (['sms', 'email'] as const).flatMap((channel) => {
    const to = contactFor(basis, channel, 'transactional');
    if (to === null) return [];
    const keys = { dedupeKey: key(channel, to), afterKey: afterKey?.(channel) ?? null };
    return [message(basis, family, { channel, to, ...same, ...keys })];
  });
}

/** An e-mail to each of the snapshot's staff; `key` makes it one for each account. */
export function toStaff(
  basis: PlanningBasis,
  family: MessageFamily,
  key: (accountId: string) => string,
  about: Partial<PlannedMessage> = {},
): PlannedMessage[] {
  const expiresAt = new Date(basis.now.getTime() + RECORD_LIVES_MS);
  return basis.snapshot.staff.map(({ accountId, email: to }) => {
    const dedupeKey = key(accountId);
    return message(basis, family, { ...about, class: 'staff', channel: 'email', to, expiresAt, dedupeKey });
  });
}

/** The customer's contact, null when there is none or they do not want this kind of message there. */
export function contactFor(
  { snapshot }: PlanningBasis,
  channel: MessageChannel,
  kind: MessageClass,
): string | null {
  const { customer } = snapshot;
  if (consentRefusal(channel, kind, customer) !== null) return null;
  return channel === 'sms' ? customer.phone : customer.email;
}

type Particulars = Pick<PlannedMessage, 'channel' | 'to' | 'expiresAt' | 'dedupeKey'> &
  Partial<PlannedMessage>;

/** A message about the booking; transactional and due now unless told. */
export function message(
  { snapshot, now }: PlanningBasis,
  family: MessageFamily,
  particulars: Particulars,
): PlannedMessage {
  const { id: bookingId, revision } = snapshot.booking;
  const usual = { class: 'transactional', dueAt: now, afterKey: null } as const;
  return { family, bookingId, revision, ...usual, ...particulars };
}

/** The start, or `atLeastMs` from now when that is later. */
export function worthUntil({ snapshot, now }: PlanningBasis, atLeastMs: number): Date {
  return new Date(Math.max(snapshot.booking.startsAt.getTime(), now.getTime() + atLeastMs));
}
