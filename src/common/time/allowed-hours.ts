import { minutesOfTime, type LocalTime } from './local-date.js';
import { instantOf, localDateOf, minuteOfDay } from './zoned-time.js';

const MINUTE_MS = 60_000;

/** The hours `[from, to)` of every day in which a reader may be disturbed; `from` is before `to`. */
export interface AllowedHours {
  readonly from: LocalTime;
  readonly to: LocalTime;
  readonly zone: string;
}

/** True when the wall clock of `zone` stands within the allowed hours; the end itself is outside. */
export function isWithinAllowedHours(instant: Date, { from, to, zone }: AllowedHours): boolean {
  const minute = minuteOfDay(instant, zone);
  return minute >= minutesOfTime(from) && minute < minutesOfTime(to);
}

/**
 * `due` itself when allowed, else the nearest allowed time of the same local day that is still before `notAfter` (the
 * appointment; null for messages without one). The latest allowed time is the last minute before `to`. Null when that day has
 * none. The answer may be earlier than `due`, even past: the caller skips or sends at once.
 */
export function intoAllowedHours(
  due: Date,
  { from, to, zone, notAfter }: AllowedHours & { readonly notAfter: Date | null },
): Date | null {
  const date = localDateOf(due, zone);
  const first = instantOf(date, from, zone).getTime();
  const close = instantOf(date, to, zone).getTime();
  const isFree = isWithinAllowedHours(due, { from, to, zone }) && (notAfter === null || due < notAfter);
  if (isFree) return due;
  const last = Math.min(close, notAfter?.getTime() ?? close) - MINUTE_MS;
  if (last < first) return null;
  return new Date(Math.min(Math.max(due.getTime(), first), last));
}
