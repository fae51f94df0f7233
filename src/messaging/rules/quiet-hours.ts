import { isWithinAllowedHours, type AllowedHours } from '../../common/time/allowed-hours.js';
import { addDays } from '../../common/time/local-date.js';
import { instantOf, localDateOf } from '../../common/time/zoned-time.js';
import type { MessageFamily } from '../text/families.js';
import type { BusinessFacts, Cause, MessageClass, RecipientFacts } from './plan.types.js';

const FRESH_MS = 15 * 60_000;
const URGENT_MS = 12 * 3_600_000;

/** The hours in which this person may be disturbed, on their own clock. */
export function allowedHoursOf(recipient: RecipientFacts, business: BusinessFacts): AllowedHours {
  const { allowedFrom: from, allowedTo: to } = business;
  return { from, to, zone: recipient.timeZone ?? business.timeZone };
}

/** `now` within the allowed hours, else the next time they begin. */
export function nextAllowed(now: Date, hours: AllowedHours): Date {
  if (isWithinAllowedHours(now, hours)) return now;
  const today = localDateOf(now, hours.zone);
  const opening = instantOf(today, hours.from, hours.zone);
  return opening > now ? opening : instantOf(addDays(today, 1), hours.from, hours.zone);
}

/**
 * Whether a message has to respect quiet hours: reminders and marketing always, a cancellation unless it answers
 * what the customer did in the last 15 minutes or the start is less than 12 hours away; whose cause is not known goes at once.
 */
export function isBoundByQuietHours(
  message: { readonly family: MessageFamily; readonly class: MessageClass },
  {
    cause,
    startsAt,
    now,
  }: { readonly cause: Cause | null; readonly startsAt: Date | null; readonly now: Date },
): boolean {
  if (message.class === 'reminder' || message.class === 'marketing') return true;
  if (message.family !== 'booking_cancelled' || cause === null || startsAt === null) return false;
  const answersCustomer = cause.by === 'customer' && now.getTime() - cause.at.getTime() <= FRESH_MS;
  return !answersCustomer && startsAt.getTime() - now.getTime() >= URGENT_MS;
}
