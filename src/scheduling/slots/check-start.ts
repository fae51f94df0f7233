import { dayMinutes, localDateOfMinute, type MinuteRange } from '../../common/time/zoned-time.js';
import { candidateTimes, isFree, isWithinHours, startCursor, type CandidateTime } from './candidate-time.js';
import { earliestStart, horizonEnd } from './limits.js';
import { coveredMinutes, mergeBusy } from './ranges.js';
import type { SlotRules, StaffFit, StartCheck, StartRefusal, StartWarning } from './slots.types.js';

/** Customers are held to every rule; staff are only warned, except where time is already taken. */
export type StartMode = 'customer' | 'staff';

/**
 * Judges one start exactly as `findSlots` would list it (same windows, same tests): everyone who can take it, fewest booked
 * minutes of that local day first, then by id; or the reason why nobody can. `staffId` null means anybody; an unknown one is
 * `slot-unavailable`. For staff, people without warnings come first.
 */
export function checkStart(
  rules: SlotRules,
  start: number,
  staffId: string | null,
  mode: StartMode = 'customer',
): StartCheck {
  const general = limitBreaches(rules, start);
  if (mode === 'customer' && general[0]) return { ok: false, reason: general[0] };

  const asked = rules.candidates.filter((candidate) => staffId === null || candidate.staffId === staffId);
  const times = candidateTimes({ ...rules, candidates: asked }, { start, end: start + 1 });
  const judged = times.map((time) => ({ time, ...judge(time, start, rules.service.stepMinutes) }));
  const fits = judged
    .filter(({ isTaken, breach }) => !isTaken && (mode === 'staff' || breach === null))
    .map(({ time, breach }) => fitOf(time, start, mode === 'staff' ? warningsOf(general, breach) : []));
  if (fits.length > 0) return { ok: true, fits: bestFirst(rules, start, fits) };
  return {
    ok: false,
    reason: mode === 'staff' ? 'slot-unavailable' : mildest(judged.map(({ breach }) => breach)),
  };
}

function limitBreaches(rules: SlotRules, start: number): StartWarning[] {
  if (start < earliestStart(rules)) return ['min-notice'];
  return start >= horizonEnd(rules) ? ['max-horizon'] : [];
}

function judge(
  time: CandidateTime,
  start: number,
  step: number,
): { breach: StartWarning | null; isTaken: boolean } {
  const isTaken = !isFree(time, start, startCursor());
  if (!isWithinHours(time, start, startCursor())) return { breach: 'outside-business-hours', isTaken };
  return { breach: isOnGrid(time.windows, start, step) ? null : 'off-grid', isTaken };
}

function isOnGrid(windows: readonly MinuteRange[], start: number, step: number): boolean {
  return windows.some(
    (window) => window.start <= start && start < window.end && (start - window.start) % step === 0,
  );
}

/** Of several people's reasons the one nearest to a yes: taken, else off the grid, else outside hours. */
function mildest(breaches: readonly (StartWarning | null)[]): StartRefusal {
  if (breaches.length === 0 || breaches.includes(null)) return 'slot-unavailable';
  return breaches.includes('off-grid') ? 'off-grid' : 'outside-business-hours';
}

function warningsOf(general: readonly StartWarning[], breach: StartWarning | null): StartWarning[] {
  return breach === null ? [...general] : [...general, breach];
}

function fitOf(time: CandidateTime, start: number, warnings: readonly StartWarning[]): StaffFit {
  const end = start + time.duration;
  return {
    staffId: time.staffId,
    start,
    end,
    blockedFrom: start - time.before,
    blockedTo: end + time.after,
    warnings,
  };
}

/** The sort is stable and `fits` comes by id, so equal work load leaves the order of ids. */
function bestFirst(rules: SlotRules, start: number, fits: readonly StaffFit[]): StaffFit[] {
  const day = dayMinutes(localDateOfMinute(start, rules.zone), rules.zone);
  const load = new Map(
    rules.candidates.map(({ staffId, busy, booked }) => [
      staffId,
      coveredMinutes(mergeBusy(booked ?? busy), day),
    ]),
  );
  const loadOf = ({ staffId }: StaffFit): number => load.get(staffId) ?? 0;
  return [...fits].sort((a, b) => a.warnings.length - b.warnings.length || loadOf(a) - loadOf(b));
}
