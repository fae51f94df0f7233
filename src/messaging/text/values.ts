import type { Booking } from '../../bookings/entities/booking.entity.js';
import { moneyOf, type Money } from '../../common/money.js';
import { formatDate, formatTime, relativeDay, type Reader } from '../../common/time/format.js';
import type { Subject } from '../message-facts.service.js';
import { LANGUAGE } from './families.js';
import type { TemplateValues } from './variables.js';

/** What a text is written from. */
export interface Context {
  readonly subject: Subject;
  readonly now: Date;
  readonly alternatives: readonly Date[];
  /** Of the template. */
  readonly language: string;
}

/** In a template's language dates and amounts are written that language's way as well: the customer's own, else the salon's. */
export function localeOf({ customer, business }: Subject, language: string): string {
  const usual = language === LANGUAGE ? 'en-US' : language;
  return [customer?.locale, business.locale].find((locale) => locale?.startsWith(language)) ?? usual;
}

/** What the variables stand for; what is not known is absent. `manageUrl` is minted by whoever needs it. */
export function valuesOf({ subject, now, alternatives, language }: Context): TemplateValues {
  const { booking, customer, business, staffName } = subject;
  const person = { name: customer?.name, firstName: customer?.name.split(/\s+/)[0] };
  const salon = { business: business.name, address: business.address };
  if (booking === null) return { ...person, ...salon };
  const reader = { zone: business.timeZone, locale: localeOf(subject, language) };
  const date = formatDate(booking.startsAt, now, reader);
  const time = formatTime(booking.startsAt, reader);
  return {
    ...person,
    ...salon,
    service: booking.serviceName,
    staff: staffName,
    date,
    time,
    endTime: formatTime(booking.endsAt, reader),
    when: whenOf(booking.startsAt, now, reader),
    amount: moneyOf(booking.netPaidMinor, booking.currency),
    balance: moneyOf(leftMinor(booking), booking.currency),
    refund: refundOf(subject, booking),
    holdUntil: booking.holdExpiresAt && untilOf(booking.holdExpiresAt, now, reader),
    alternatives: timesOf(alternatives, now, reader),
  };
}

/** What is still to pay: to get a held booking confirmed, else of the whole price. */
export function leftMinor(booking: Booking): number {
  if (booking.status === 'held' || booking.paymentWaived) return booking.amountDueMinor;
  return Math.max(0, booking.totalMinor - booking.netPaidMinor);
}

/** Of the refund it is about; of the payment that came too late; else of the cancellation. */
function refundOf({ refund, payment }: Subject, booking: Booking): Money {
  if (refund) return moneyOf(refund.amountMinor, refund.currency);
  if (payment) return moneyOf(payment.cameMinor, payment.strangeCurrency ?? payment.currency);
  return moneyOf(booking.cancelRefundMinor ?? 0, booking.currency);
}

/** `tomorrow at 9:00 AM`, `on Monday, March 4 at 9:00 AM`; in other languages the date and the time. */
export function whenOf(instant: Date, now: Date, reader: Reader): string {
  const date = formatDate(instant, now, reader);
  if (!isEnglish(reader)) return atTime(date, formatTime(instant, reader), reader);
  return atTime(relativeDay(instant, now, reader.zone) ?? `on ${date}`, formatTime(instant, reader), reader);
}

export function untilOf(instant: Date, now: Date, reader: Reader): string {
  const time = formatTime(instant, reader);
  const isToday = relativeDay(instant, now, reader.zone) === 'today';
  return isToday ? time : atTime(formatDate(instant, now, reader), time, reader);
}

const isEnglish = ({ locale }: Reader) => locale.startsWith(LANGUAGE);

const atTime = (day: string, time: string, reader: Reader) =>
  isEnglish(reader) ? `${day} at ${time}` : `${day}, ${time}`;

/** Times in their order, each day once: `Monday, March 4 at 9:00 AM, 9:30 AM; Tuesday, March 5 at 9:00 AM`. */
export function timesOf(instants: readonly Date[], now: Date, reader: Reader): string {
  const byDay = new Map<string, string[]>();
  for (const instant of instants.toSorted((a, b) => a.getTime() - b.getTime())) {
    const day = formatDate(instant, now, reader);
    byDay.set(day, [...(byDay.get(day) ?? []), formatTime(instant, reader)]);
  }
  return [...byDay].map(([day, times]) => atTime(day, times.join(', '), reader)).join('; ');
}
