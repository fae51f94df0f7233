/** A calendar date without a zone, `YYYY-MM-DD`; sorts as text. */
export type LocalDate = string;
/** A wall-clock time `HH:MM`, 00:00 to 23:59; `24:00` only as the end of an interval. */
export type LocalTime = string;

const DAY_MS = 86_400_000;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const MAX_CACHED_DATES = 8192;
const datesByDay = new Map<number, LocalDate>();

/** True for a date that exists, in the years 1900 to 2999 (birthdays up to far bookings). */
export function isLocalDate(text: string): boolean {
  const match = DATE.exec(text);
  if (!match || text < '1900' || text >= '3000') return false;
  return dateOfDayNumber(dayNumber(text)) === text;
}

/** True for `HH:MM`; with `asEnd` also for `24:00`, midnight at the end of the day. */
export function isLocalTime(text: string, asEnd = false): boolean {
  return TIME.test(text) || (asEnd && text === '24:00');
}

/** Days since 1970-01-01. Expects a date that passed `isLocalDate`. */
export function dayNumber(date: LocalDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / DAY_MS;
}

/** The inverse of `dayNumber`; remembers what it formatted, because lists ask for the same days a thousand times. */
export function dateOfDayNumber(day: number): LocalDate {
  const known = datesByDay.get(day);
  if (known !== undefined) return known;
  if (datesByDay.size >= MAX_CACHED_DATES) datesByDay.clear();
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  datesByDay.set(day, date);
  return date;
}

/** Minutes after local midnight, 0 to 1440. Expects a time that passed `isLocalTime`. */
export function minutesOfTime(time: LocalTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** The date `days` later (or earlier, when negative); calendar days, so no zone is involved. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDayNumber(dayNumber(date) + days);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: LocalDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** Every date from `from` to `to`, both included; empty when `to` is earlier. */
export function eachDate(from: LocalDate, to: LocalDate): LocalDate[] {
  const first = dayNumber(from);
  return Array.from({ length: Math.max(0, dayNumber(to) - first + 1) }, (_, index) =>
    dateOfDayNumber(first + index),
  );
}
