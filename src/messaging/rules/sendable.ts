import { isWithinAllowedHours } from '../../common/time/allowed-hours.js';
import type { MessageFamily } from '../text/families.js';
import { consentRefusal, type ConsentRefusal } from './consent.js';
import type { BookingFacts, BusinessFacts, Cause, PlannedMessage, RecipientFacts } from './plan.types.js';
import { allowedHoursOf, isBoundByQuietHours, nextAllowed } from './quiet-hours.js';

/** The part of a stored message that decides whether it still goes out. */
export type MessageToSend = Pick<
  PlannedMessage,
  'family' | 'class' | 'channel' | 'revision' | 'dueAt' | 'expiresAt'
>;

/** What is true at the moment of sending; `booking` is null for messages about none. */
export interface SendSnapshot {
  readonly booking: BookingFacts | null;
  readonly recipient: RecipientFacts;
  readonly business: BusinessFacts;
  /** Who cancelled and when, for cancellations; null elsewhere. */
  readonly cause: Cause | null;
}

/** What becomes of the message: `wait` means due again at `until`; the last two are final, with the reason for staff. */
export type SendDecision =
  | { readonly outcome: 'send' }
  | { readonly outcome: 'wait'; readonly until: Date }
  | { readonly outcome: 'superseded'; readonly reason: 'booking-changed' | ConsentRefusal }
  | { readonly outcome: 'expired'; readonly reason: 'too-late' | 'quiet-hours' };

interface Truth {
  readonly statuses: readonly BookingFacts['status'][];
  /** Whether the message tells of a time, which another revision makes wrong. */
  readonly tellsTime: boolean;
}

const UPCOMING: Truth = { statuses: ['confirmed'], tellsTime: true };
/** The booking a family speaks of; null for families that stay true whatever becomes of it. */
const TRUTH: Readonly<Record<MessageFamily, Truth | null>> = {
  booking_confirmed: UPCOMING,
  booking_reminder: UPCOMING,
  booking_rescheduled: UPCOMING,
  booking_cancelled: { statuses: ['cancelled'], tellsTime: false },
  booking_held: { statuses: ['held'], tellsTime: true },
  payment_settled: { statuses: ['confirmed', 'completed'], tellsTime: false },
  payment_late: null,
  refund_succeeded: null,
  refund_failed: null,
  welcome: null,
  one_time_code: null,
  contact_changed: null,
  contact_joined: null,
  erasure_asked: null,
  staff_booking_new: null,
  staff_booking_moved: null,
  staff_booking_cancelled: null,
  staff_payment_task: null,
  staff_calendar_broken: null,
  staff_calendar_conflict: null,
  manual: null,
  test: null,
};

/** Whether what the message says still holds for the booking; when not, it is superseded and never sent. */
export function isStillTrue(
  message: Pick<MessageToSend, 'family' | 'revision'>,
  booking: BookingFacts | null,
): boolean {
  const truth = TRUTH[message.family];
  if (truth === null) return true;
  if (booking === null || !truth.statuses.includes(booking.status)) return false;
  // Whoever has paid and waits for the bank must not be asked to pay.
  if (message.family === 'booking_held' && booking.isPaymentProcessing) return false;
  return !truth.tellsTime || message.revision === booking.revision;
}

/**
 * The re-check at send time in pure form: booking state and revision, expiry, STOP, consent, due time, quiet
 * hours, in this order. The claim statement asks the same in SQL; this decides what to do with a message it did not claim.
 */
export function sendable(message: MessageToSend, snapshot: SendSnapshot, now: Date): SendDecision {
  const { booking, recipient, business, cause } = snapshot;
  if (!isStillTrue(message, booking)) return { outcome: 'superseded', reason: 'booking-changed' };
  if (now >= message.expiresAt) return { outcome: 'expired', reason: 'too-late' };
  const reason = consentRefusal(message.channel, message.class, recipient);
  if (reason !== null) return { outcome: 'superseded', reason };
  if (now < message.dueAt) return { outcome: 'wait', until: message.dueAt };

  const hours = allowedHoursOf(recipient, business);
  const startsAt = booking?.startsAt ?? null;
  if (!isBoundByQuietHours(message, { cause, startsAt, now }) || isWithinAllowedHours(now, hours)) {
    return { outcome: 'send' };
  }
  const until = nextAllowed(now, hours);
  return until < message.expiresAt
    ? { outcome: 'wait', until }
    : { outcome: 'expired', reason: 'quiet-hours' };
}
