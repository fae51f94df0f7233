import {
  addDays,
  dateOfDayNumber,
  dayNumber,
  minutesOfTime,
  type LocalDate,
  type LocalTime,
} from './local-date.js';
import { offsetMinutes } from './zone-offsets.js';

const DAY = 1440;
const MINUTE_MS = 60_000;

/** Half-open range of epoch minutes, `[start, end)`. */
export interface MinuteRange {
  readonly start: number;
  readonly end: number;
}

/** The epoch minute an instant lies in; seconds are cut off. */
export function minuteOf(instant: Date): number {
  return Math.floor(instant.getTime() / MINUTE_MS);
}

/** The epoch minute of an instant that is a whole minute, else null: starts never carry seconds. */
export function wholeMinuteOf(instant: Date): number | null {
  const minute = instant.getTime() / MINUTE_MS;
  return Number.isInteger(minute) ? minute : null;
}

/** The instant at which an epoch minute begins. */
export function instantOfMinute(minute: number): Date {
  return new Date(minute * MINUTE_MS);
}

/** The calendar date in `zone` at an epoch minute. */
export function localDateOfMinute(minute: number, zone: string): LocalDate {
  return dateOfDayNumber(Math.floor((minute + offsetMinutes(minute, zone)) / DAY));
}

/** The calendar date in `zone` at an instant. */
export function localDateOf(instant: Date, zone: string): LocalDate {
  return localDateOfMinute(minuteOf(instant), zone);
}

/** Minutes on the wall clock of `zone` after local midnight, 0 to 1439. */
export function minuteOfDay(instant: Date, zone: string): number {
  const minute = minuteOf(instant);
  const local = minute + offsetMinutes(minute, zone);
  return local - Math.floor(local / DAY) * DAY;
}

/**
 * The epoch minute of a wall-clock minute of a date, as Temporal's `compatible`: a repeated time is the earlier one, a skipped
 * one moves forward by the gap. `minutes` may reach 1440 and beyond (midnight and later of the next date).
 */
export function minuteAt(date: LocalDate, minutes: number, zone: string): number {
  const local = dayNumber(date) * DAY + minutes;
  const offsetBefore = offsetMinutes(local - DAY, zone);
  const offsetAfter = offsetMinutes(local + DAY, zone);
  const [early, late] = [
    local - Math.max(offsetBefore, offsetAfter),
    local - Math.min(offsetBefore, offsetAfter),
  ];
  if (early + offsetMinutes(early, zone) === local) return early;
  if (late + offsetMinutes(late, zone) === local) return late;
  return local - offsetBefore;
}

/** The instant of a wall-clock time in `zone`; `24:00` is midnight of the next date. See `minuteAt` for skipped and repeated times. */
export function instantOf(date: LocalDate, time: LocalTime, zone: string): Date {
  return instantOfMinute(minuteAt(date, minutesOfTime(time), zone));
}

/** The epoch minutes of a local day: 1380 to 1500 of them where clocks change, 1440 elsewhere. */
export function dayMinutes(date: LocalDate, zone: string): MinuteRange {
  return { start: minuteAt(date, 0, zone), end: minuteAt(addDays(date, 1), 0, zone) };
}

/** The instants between which a local day lies, `[start, end)`. */
export function dayBounds(date: LocalDate, zone: string): { start: Date; end: Date } {
  const { start, end } = dayMinutes(date, zone);
  return { start: instantOfMinute(start), end: instantOfMinute(end) };
}

/**
 * The same wall-clock time on the previous local day, when reminders are due: 23 to 25 hours earlier across a
 * change of clocks, 24 otherwise.
 */
export function previousLocalDaySameTime(instant: Date, zone: string): Date {
  const date = addDays(localDateOf(instant, zone), -1);
  return instantOfMinute(minuteAt(date, minuteOfDay(instant, zone), zone));
}
