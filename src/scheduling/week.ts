import type { FieldViolation } from '../common/domain-error.js';
import { minutesOfTime } from '../common/time/local-date.js';
import type { HoursInterval } from './slots/slots.types.js';

const DAY = 1_440;
const WEEK = 7 * DAY;

/** The hours of one weekday, 1 is Monday. */
export interface DayHours {
  readonly weekday: number;
  readonly intervals: readonly HoursInterval[];
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly pointer: string;
}

/** Why a week cannot stand: a weekday named twice, or times that overlap, also past midnight and from Sunday into Monday. */
export function weekViolations(week: readonly DayHours[]): FieldViolation[] {
  const days = week.map((day) => day.weekday);
  const repeated = week.flatMap((day, index) =>
    days.indexOf(day.weekday) === index
      ? []
      : [{ pointer: `/week/${index}/weekday`, code: 'unique', detail: 'names a weekday a second time' }],
  );
  const stretches = week.flatMap((day, index) =>
    stretchesOf(day.intervals, (day.weekday - 1) * DAY, `/week/${index}`),
  );
  return [...repeated, ...overlaps(stretches, WEEK)];
}

/** Why the hours of a single date cannot stand. */
export function dateViolations(intervals: readonly HoursInterval[]): FieldViolation[] {
  return overlaps(stretchesOf(intervals, 0, ''), Infinity);
}

function stretchesOf(intervals: readonly HoursInterval[], midnight: number, at: string): Stretch[] {
  return intervals.map(({ from, to }, index) => {
    const opens = minutesOfTime(from);
    const closes = minutesOfTime(to);
    return {
      start: midnight + opens,
      end: midnight + (closes <= opens ? closes + DAY : closes),
      pointer: `${at}/intervals/${index}`,
    };
  });
}

/** Sorted by start, something overlaps exactly when neighbours do; the last one's neighbour is the first, a turn later. */
function overlaps(stretches: readonly Stretch[], turn: number): FieldViolation[] {
  const sorted = stretches.toSorted((a, b) => a.start - b.start);
  return sorted.flatMap((stretch, index) => {
    const before = sorted.at(index - 1);
    if (!before || (before === stretch && turn === Infinity)) return [];
    const end = index === 0 ? before.end - turn : before.end;
    if (before === stretch ? stretch.end - turn <= stretch.start : end <= stretch.start) return [];
    return [{ pointer: stretch.pointer, code: 'overlap', detail: 'overlaps other hours' }];
  });
}

/** Seven days from Monday, closed ones with no intervals, each day's intervals by their opening. */
export function wholeWeek(
  rows: readonly { weekday: number; opensAt: string; closesAt: string }[],
): DayHours[] {
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    intervals: rows
      .filter((row) => row.weekday === weekday)
      .map(({ opensAt, closesAt }) => ({ from: opensAt, to: closesAt }))
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
  }));
}

/** The week a salon begins with: the same full hours on each of its days. */
export function seedWeek({
  startHour,
  endHour,
  days,
}: {
  startHour: number;
  endHour: number;
  days: readonly number[];
}): DayHours[] {
  const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
  return days.map((weekday) => ({ weekday, intervals: [{ from: clock(startHour), to: clock(endHour) }] }));
}
