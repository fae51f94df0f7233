import { minutesOfTime, weekdayOf, type LocalDate } from '../../common/time/local-date.js';
import { minuteAt, type MinuteRange } from '../../common/time/zoned-time.js';
import type { HoursInterval, WorkingHours } from './slots.types.js';

const DAY = 1440;

/** The hours of one date: its exception if there is one, else the weekly ones; null when there are no weekly hours either. */
export function hoursOn(date: LocalDate, hours: WorkingHours): readonly HoursInterval[] | null {
  const exception = hours.exceptions[date];
  if (exception) return exception;
  return hours.weekly && (hours.weekly[weekdayOf(date)] ?? []);
}

/**
 * The working windows that begin on `date` as epoch minutes, by start. Bounds are wall-clock times of `zone`; a window that
 * changing clocks leave nothing of is left out. `fallback` stands in where `hours` says nothing (staff without own hours).
 */
export function windowsOf(
  date: LocalDate,
  hours: WorkingHours,
  zone: string,
  fallback?: WorkingHours,
): MinuteRange[] {
  const intervals = hoursOn(date, hours) ?? (fallback && hoursOn(date, fallback)) ?? [];
  return intervals
    .map((interval) => windowOf(date, interval, zone))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
}

function windowOf(date: LocalDate, { from, to }: HoursInterval, zone: string): MinuteRange {
  const opens = minutesOfTime(from);
  const closes = minutesOfTime(to);
  return {
    start: minuteAt(date, opens, zone),
    end: minuteAt(date, closes <= opens ? closes + DAY : closes, zone),
  };
}
