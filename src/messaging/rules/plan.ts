import { intoAllowedHours } from '../../common/time/allowed-hours.js';
import { previousLocalDaySameTime } from '../../common/time/zoned-time.js';
import type { MessageChannel, MessageFamily } from '../text/families.js';
import { DEDUPE } from './dedupe-keys.js';
import type { PlanEvent, PlannedMessage, PlanSnapshot } from './plan.types.js';
import { contactFor, message, onBothChannels, RECORD_LIVES_MS, toStaff, worthUntil } from './planning.js';
import { allowedHoursOf, isBoundByQuietHours, nextAllowed } from './quiet-hours.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NUDGE_AFTER_MS = 2 * MINUTE_MS;
/** A reminder later than this before the start helps nobody. */
const REMINDER_USELESS_MS = 30 * MINUTE_MS;
/** News of a booking whose start is near or past is still worth this long. */
const NEWS_LIVES_MS = HOUR_MS;

interface Planning {
  readonly event: PlanEvent;
  readonly snapshot: PlanSnapshot;
  readonly now: Date;
}

/**
 * Which messages a committed event calls for, judged by what is true now: an event overtaken by a
 * later one plans only what that one does not (its reminder). Planning twice gives the same keys. Texts need a phone, no STOP
 * and no refused consent; a reminder goes as e-mail where no text is possible; due times already respect quiet hours.
 */
export function planMessages(event: PlanEvent, snapshot: PlanSnapshot, now: Date): PlannedMessage[] {
  const planning: Planning = { event, snapshot, now };
  const { booking } = snapshot;
  switch (event.kind) {
    case 'booking.held':
      return payNudge(planning);
    case 'booking.confirmed':
      return booking.status === 'confirmed' ? confirmed(planning) : [];
    case 'booking.rescheduled':
      return booking.status === 'confirmed' ? rescheduled(planning) : [];
    case 'booking.cancelled':
      return booking.status === 'cancelled' && event.fromHold !== true ? cancelled(planning) : [];
  }
}

function confirmed(planning: Planning): PlannedMessage[] {
  const { booking, isFirstConfirmed } = planning.snapshot;
  if (booking.isImported) return reminders(planning);
  const expiresAt = worthUntil(planning, NEWS_LIVES_MS);
  const key = (channel: MessageChannel) => DEDUPE.confirm(booking.id, booking.revision, channel);
  const news = isCurrent(planning)
    ? [
        ...onBothChannels(planning, 'booking_confirmed', { expiresAt, key }),
        ...staffNotices(planning, 'staff_booking_new'),
      ]
    : [];
  const welcome = isFirstConfirmed
    ? onBothChannels(planning, 'welcome', {
        expiresAt: worthUntil(planning, RECORD_LIVES_MS),
        key: (channel, to) => DEDUPE.welcome(to, channel),
        afterKey: key,
      })
    : [];
  return [...news, ...welcome, ...reminders(planning)];
}

function rescheduled(planning: Planning): PlannedMessage[] {
  const { booking } = planning.snapshot;
  if (!isCurrent(planning)) return reminders(planning);
  return [
    ...onBothChannels(planning, 'booking_rescheduled', {
      expiresAt: worthUntil(planning, NEWS_LIVES_MS),
      key: (channel) => DEDUPE.moved(booking.id, booking.revision, channel),
    }),
    ...reminders(planning),
    ...staffNotices(planning, 'staff_booking_moved'),
  ];
}

function cancelled(planning: Planning): PlannedMessage[] {
  const { event, now, snapshot } = planning;
  const { booking, business, customer } = snapshot;
  const facts = { cause: event, startsAt: booking.startsAt, now };
  const waits = isBoundByQuietHours({ family: 'booking_cancelled', class: 'transactional' }, facts);
  return [
    ...onBothChannels(planning, 'booking_cancelled', {
      dueAt: waits ? nextAllowed(now, allowedHoursOf(customer, business)) : now,
      expiresAt: worthUntil(planning, RECORD_LIVES_MS),
      key: (channel) => DEDUPE.cancel(booking.id, channel),
    }),
    ...staffNotices(planning, 'staff_booking_cancelled'),
  ];
}

function payNudge(planning: Planning): PlannedMessage[] {
  const { booking, customer } = planning.snapshot;
  const expiresAt = booking.holdExpiresAt;
  const dueAt = new Date(Math.max(booking.createdAt.getTime() + NUDGE_AFTER_MS, planning.now.getTime()));
  if (booking.isPaymentProcessing) return [];
  if (booking.status !== 'held' || customer.email === null || expiresAt === null || dueAt >= expiresAt)
    return [];
  const dedupeKey = DEDUPE.payNudge(booking.id);
  return [
    message(planning, 'booking_held', { channel: 'email', to: customer.email, dueAt, expiresAt, dedupeKey }),
  ];
}

function reminders(planning: Planning): PlannedMessage[] {
  const { booking, business } = planning.snapshot;
  const dayBefore = previousLocalDaySameTime(booking.startsAt, business.timeZone);
  const twoHours = new Date(booking.startsAt.getTime() - 2 * HOUR_MS);
  return [
    ...(business.remindDayBefore ? reminder(planning, '24h', dayBefore) : []),
    ...(business.remindTwoHours ? reminder(planning, '2h', twoHours) : []),
  ];
}

function reminder(planning: Planning, lead: '24h' | '2h', wishedAt: Date): PlannedMessage[] {
  const { booking, business, customer } = planning.snapshot;
  const expiresAt = new Date(booking.startsAt.getTime() - REMINDER_USELESS_MS);
  const dueAt = intoAllowedHours(wishedAt, { ...allowedHoursOf(customer, business), notAfter: expiresAt });
  if (dueAt === null || dueAt < planning.now) return [];
  const phone = contactFor(planning, 'sms', 'reminder');
  const email = lead === '24h' ? customer.email : null;
  const [channel, to] = phone === null ? (['email', email] as const) : (['sms', phone] as const);
  if (to === null) return [];
  const dedupeKey = DEDUPE.remind(booking.id, lead, booking.revision);
  return [
    message(planning, 'booking_reminder', { class: 'reminder', channel, to, dueAt, expiresAt, dedupeKey }),
  ];
}

function staffNotices(planning: Planning, family: MessageFamily): PlannedMessage[] {
  return toStaff(planning, family, (accountId) => DEDUPE.staff(accountId, planning.event.id));
}

/** Whether the event tells of the booking as it stands; a later revision has an event of its own. */
function isCurrent({ event, snapshot }: Planning): boolean {
  return event.revision === snapshot.booking.revision;
}
