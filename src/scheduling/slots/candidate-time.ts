import { addDays, eachDate, type LocalDate } from '../../common/time/local-date.js';
import { localDateOfMinute, type MinuteRange } from '../../common/time/zoned-time.js';
import { firstEndingAfter, intersections, mergeBusy, mergeRanges, type FlatRanges } from './ranges.js';
import type { SlotCandidate, SlotRules, WorkingHours } from './slots.types.js';
import { windowsOf } from './windows.js';

const DAY = 1440;

/** What one staff member's starts are judged by, in epoch minutes: shared by search and check, so that they cannot disagree. */
export interface CandidateTime {
  readonly staffId: string;
  readonly duration: number;
  /** Salon ∩ staff, one per pair of intervals. Each carries its own grid, anchored at its start. */
  readonly windows: readonly MinuteRange[];
  /** The same, joined: a visit may pass from one into a touching one (24:00 to 00:00). */
  readonly working: FlatRanges;
  readonly busy: FlatRanges;
  /** Minutes before and after the visit that must be free of busy time. */
  readonly before: number;
  readonly after: number;
  /** Minutes before and after the visit that must be working time as well. */
  readonly marginBefore: number;
  readonly marginAfter: number;
}

/** Positions in `working` and `busy`; they only move forward, so a sweep over ascending starts is linear. */
export interface SweepCursor {
  working: number;
  busy: number;
}

/** A cursor before everything. */
export function startCursor(): SweepCursor {
  return { working: 0, busy: 0 };
}

/** Prepares every candidate, by id, for starts in `range`. */
export function candidateTimes(rules: SlotRules, range: MinuteRange): CandidateTime[] {
  const { businessHours, zone } = rules;
  const longest = rules.candidates.reduce(
    (most, candidate) => Math.max(most, visitLength(rules, candidate)),
    0,
  );
  const dates = datesAround(range, longest, zone);
  const business = windowsOfDates(dates, businessHours, zone);
  return rules.candidates
    .map((candidate) => candidateTime(rules, candidate, business, dates))
    .sort((a, b) => (a.staffId < b.staffId ? -1 : 1));
}

/** True when the visit, with the buffers where they count, lies inside working time. */
export function isWithinHours(time: CandidateTime, start: number, cursor: SweepCursor): boolean {
  const from = start - time.marginBefore;
  cursor.working = firstEndingAfter(time.working, from, cursor.working);
  const opens = time.working[cursor.working];
  const closes = time.working[cursor.working + 1];
  if (opens === undefined || closes === undefined) return false;
  return opens <= from && start + time.duration + time.marginAfter <= closes;
}

/** True when nothing busy touches the visit or its buffers. */
export function isFree(time: CandidateTime, start: number, cursor: SweepCursor): boolean {
  cursor.busy = firstEndingAfter(time.busy, start - time.before, cursor.busy);
  return (time.busy[cursor.busy] ?? Infinity) >= start + time.duration + time.after;
}

function candidateTime(
  rules: SlotRules,
  candidate: SlotCandidate,
  business: readonly MinuteRange[],
  dates: readonly LocalDate[],
): CandidateTime {
  const { service, bufferMayExceedHours, businessHours, zone } = rules;
  const staff = windowsOfDates(dates, candidate.hours, zone, businessHours);
  const windows = intersections(business, staff);
  return {
    staffId: candidate.staffId,
    duration: candidate.durationMinutes ?? service.durationMinutes,
    windows,
    working: mergeRanges(windows),
    busy: mergeBusy(candidate.busy),
    before: service.bufferBeforeMinutes,
    after: service.bufferAfterMinutes,
    marginBefore: bufferMayExceedHours ? 0 : service.bufferBeforeMinutes,
    marginAfter: bufferMayExceedHours ? 0 : service.bufferAfterMinutes,
  };
}

function visitLength({ service }: SlotRules, { durationMinutes }: SlotCandidate): number {
  return (
    service.bufferBeforeMinutes + (durationMinutes ?? service.durationMinutes) + service.bufferAfterMinutes
  );
}

/** Every date whose windows can touch a visit that starts in `range`: windows last up to a day, visits may last longer. */
function datesAround(range: MinuteRange, longestVisit: number, zone: string): LocalDate[] {
  const days = 1 + Math.ceil(longestVisit / DAY);
  return eachDate(
    addDays(localDateOfMinute(range.start, zone), -days),
    addDays(localDateOfMinute(range.end, zone), days),
  );
}

function windowsOfDates(
  dates: readonly LocalDate[],
  hours: WorkingHours,
  zone: string,
  fallback?: WorkingHours,
): MinuteRange[] {
  const windows = dates.flatMap((date) => windowsOf(date, hours, zone, fallback));
  return windows.sort((a, b) => a.start - b.start);
}
