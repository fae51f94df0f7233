import * as fc from 'fast-check';
import { intlWallClock } from '../../../test/support/intl-wall-clock.js';
import { intoAllowedHours } from '../../common/time/allowed-hours.js';
import { previousLocalDaySameTime } from '../../common/time/zoned-time.js';
import { nextAllowed } from './quiet-hours.js';

const DAY = 1440;
const [FROM, TO] = [Date.UTC(2025, 0, 1) / 60_000, Date.UTC(2031, 0, 1) / 60_000];
const RUNS = process.env.TIME_ZONES === 'all' ? 10_000 : 60;

/** A time at which clocks of the zone change, in minutes since 1970. */
interface Change {
  readonly zone: string;
  readonly minute: number;
}

/** Every change of every zone from 2025 to 2030; where a zone has none, a day of it all the same. */
function changesOf(zone: string): Change[] {
  const wall = intlWallClock(zone);
  const offset = (minute: number) => wall(minute) - minute;
  const found: Change[] = [];
  for (let day = FROM; day < TO; day += DAY) {
    const next = offset(day + DAY);
    const then = offset(day);
    if (then === next) continue;
    let [before, after] = [day, day + DAY];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (offset(middle) === then) before = middle;
      else after = middle;
    }
    found.push({ zone, minute: after });
  }
  return found.length > 0 ? found : [{ zone, minute: FROM + 400 * DAY }];
}

const known = new Map<string, Change[]>();
const aChange = fc
  .tuple(fc.constantFrom(...Intl.supportedValuesOf('timeZone')), fc.nat())
  .map(([zone, nth]): Change => {
    const changes = known.get(zone) ?? changesOf(zone);
    known.set(zone, changes);
    return changes[nth % changes.length] ?? { zone, minute: FROM };
  });
/** Up to two days before or after the change. */
const aMinute = fc
  .tuple(aChange, fc.integer({ min: -2 * DAY, max: 2 * DAY }))
  .map(([{ zone, minute }, by]) => ({ zone, minute: minute + by }));
const theHours = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 12 }))
  .map(([from, length]) => ({ from: from * 60, to: Math.min(from + length, 23) * 60 }));

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
const date = (minute: number) => new Date(minute * 60_000);
const minuteOf = (instant: Date) => instant.getTime() / 60_000;
const timeOf = (wall: number) => ((wall % DAY) + DAY) % DAY;
const dayOf = (wall: number) => Math.floor(wall / DAY);

/** The first minute at which the wall clock shows the time asked for; where it never does, as much later as it leapt. */
function naiveDayBefore(start: number, zone: string): number {
  const wall = intlWallClock(zone);
  const asked = wall(start) - DAY;
  for (let minute = start - 2 * DAY; minute < start; minute += 1) {
    if (wall(minute) === asked) return minute;
    const [before, now] = [wall(minute - 1), wall(minute)];
    if (before < asked && now > asked && now - before > 1) return minute + (asked - before - 1);
  }
  throw new Error('the day before has no such time');
}

/** Minute after minute of the same local day: itself when allowed, else the nearest allowed one. */
function naiveAllowed(
  due: number,
  notAfter: number | null,
  zone: string,
  hours: { from: number; to: number },
) {
  const wall = intlWallClock(zone);
  let nearest: number | null = null;
  for (let minute = due - DAY - 180; minute <= due + DAY + 180; minute += 1) {
    const at = wall(minute);
    const isOpen = timeOf(at) >= hours.from && timeOf(at) < hours.to;
    if (!isOpen || dayOf(at) !== dayOf(wall(due)) || (notAfter !== null && minute >= notAfter)) continue;
    if (nearest === null || Math.abs(minute - due) < Math.abs(nearest - due)) nearest = minute;
  }
  return nearest;
}

function naiveNext(now: number, zone: string, hours: { from: number; to: number }): number {
  const wall = intlWallClock(zone);
  let minute = now;
  while (timeOf(wall(minute)) < hours.from || timeOf(wall(minute)) >= hours.to) minute += 1;
  return minute;
}

describe('around every change of clocks from 2025 to 2030, in every zone', () => {
  it('a reminder is due when the wall clock shows the same time the day before', () => {
    fc.assert(
      fc.property(aMinute, ({ zone, minute }) => {
        expect(minuteOf(previousLocalDaySameTime(date(minute), zone))).toBe(naiveDayBefore(minute, zone));
      }),
      { numRuns: RUNS, seed: 6 },
    );
  });

  it('goes at the nearest time of that day at which the reader may be disturbed', () => {
    const afterMinutes = fc.option(fc.integer({ min: -300, max: DAY }));
    fc.assert(
      fc.property(aMinute, theHours, afterMinutes, ({ zone, minute }, hours, after) => {
        const notAfter = after === null ? null : minute + after;
        const given = { from: clock(hours.from), to: clock(hours.to), zone };
        const found = intoAllowedHours(date(minute), {
          ...given,
          notAfter: notAfter === null ? null : date(notAfter),
        });
        expect(found && minuteOf(found)).toBe(naiveAllowed(minute, notAfter, zone, hours));
      }),
      { numRuns: RUNS, seed: 6 },
    );
  });

  it('what waits for the morning goes at its first allowed minute', () => {
    fc.assert(
      fc.property(aMinute, theHours, ({ zone, minute }, hours) => {
        const given = { from: clock(hours.from), to: clock(hours.to), zone };
        expect(minuteOf(nextAllowed(date(minute), given))).toBe(naiveNext(minute, zone, hours));
      }),
      { numRuns: RUNS, seed: 6 },
    );
  });
});
