import { eachDate } from '../../common/time/local-date.js';
import { dayMinutes, type MinuteRange } from '../../common/time/zoned-time.js';
import { candidateTimes, isFree, isWithinHours, startCursor, type CandidateTime } from './candidate-time.js';
import { earliestStart, horizonEnd } from './limits.js';
import type { Slot, SlotDay, SlotSearch } from './slots.types.js';

/** The starts of one staff member, ascending; all of one duration. */
interface StaffStarts {
  readonly staffId: string;
  readonly duration: number;
  readonly starts: readonly number[];
  next: number;
}

/**
 * All bookable slots of the dates; pure, and integers only once the windows are known.
 *
 * The grid is anchored at the opening instant of salon ∩ staff, in absolute minutes. So starts do not move as the day fills
 * (bookings and time off block, they open nothing), do not depend on the dates asked for, and somebody who begins at 09:15 is
 * offered at 09:15 rather than from the salon's next half hour.
 */
export function findSlots(search: SlotSearch): SlotDay[] {
  const days = eachDate(search.from, search.to).map((date) => ({
    date,
    ...dayMinutes(date, search.displayZone),
  }));
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return [];

  const range = { start: first.start, end: last.end };
  const open = {
    start: Math.max(range.start, earliestStart(search)),
    end: Math.min(range.end, horizonEnd(search)),
  };
  const staff =
    open.start < open.end ? candidateTimes(search, open).map((time) => startsOf(time, open, search)) : [];
  const slots = mergeStaff(staff);
  let index = 0;
  return days.map(({ date, end }) => {
    const from = index;
    while ((slots[index]?.start ?? Infinity) < end) index += 1;
    return { date, slots: slots.slice(from, index) };
  });
}

function startsOf(time: CandidateTime, open: MinuteRange, { service }: SlotSearch): StaffStarts {
  const cursor = startCursor();
  const starts = gridStarts(time.windows, open, service.stepMinutes).filter(
    (start) => isWithinHours(time, start, cursor) && isFree(time, start, cursor),
  );
  return { staffId: time.staffId, duration: time.duration, starts, next: 0 };
}

/** Grid points of all windows in `open`, ascending; windows that overlap past midnight may bring points out of order or twice. */
function gridStarts(windows: readonly MinuteRange[], open: MinuteRange, step: number): number[] {
  const starts: number[] = [];
  let isAscending = true;
  for (const { start, end } of windows) {
    const stop = Math.min(end, open.end);
    const skipped = Math.max(0, Math.ceil((open.start - start) / step));
    for (let minute = start + skipped * step; minute < stop; minute += step) {
      isAscending &&= minute > (starts.at(-1) ?? -Infinity);
      starts.push(minute);
    }
  }
  return isAscending ? starts : [...new Set(starts)].sort((a, b) => a - b);
}

/** Merges the sorted lists into one: same start and same end are one slot, a different duration makes a slot of its own. */
function mergeStaff(staff: readonly StaffStarts[]): Slot[] {
  const slots: Slot[] = [];
  for (;;) {
    let start = Infinity;
    let duration = Infinity;
    for (const one of staff) {
      const candidate = one.starts[one.next] ?? Infinity;
      if (candidate > start || candidate === Infinity) continue;
      if (candidate < start || one.duration < duration) duration = one.duration;
      start = candidate;
    }
    if (start === Infinity) return slots;
    const staffIds: string[] = [];
    for (const one of staff) {
      if (one.duration !== duration || one.starts[one.next] !== start) continue;
      staffIds.push(one.staffId);
      one.next += 1;
    }
    slots.push({ start, end: start + duration, staffIds });
  }
}
