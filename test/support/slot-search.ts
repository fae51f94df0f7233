import type { SlotCandidate, SlotSearch, WorkingHours } from '../../src/scheduling/slots/slots.types.js';

/** The same hours every day of the week. */
export function daily(...intervals: readonly (readonly [string, string])[]): WorkingHours {
  const day = intervals.map(([from, to]) => ({ from, to }));
  return {
    weekly: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((weekday) => [weekday, day])),
    exceptions: {},
  };
}

/** Somebody who works whenever the salon does and is free. */
export function aCandidate(change: Partial<SlotCandidate> = {}): SlotCandidate {
  return {
    staffId: 'ada',
    hours: { weekly: null, exceptions: {} },
    durationMinutes: null,
    busy: [],
    ...change,
  };
}

/** One day, nine to six in New York, half-hour visits without buffers, one free staff member, no limits; name what differs. */
export function aSearch(change: Partial<SlotSearch> = {}): SlotSearch {
  const zone = change.zone ?? 'America/New_York';
  const from = change.from ?? '2030-03-04';
  return {
    zone,
    displayZone: zone,
    from,
    to: from,
    now: new Date('2030-01-01T00:00:00Z'),
    service: { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, stepMinutes: 30 },
    businessHours: daily(['09:00', '18:00']),
    candidates: [aCandidate()],
    noticeMinutes: null,
    horizonDays: null,
    bufferMayExceedHours: true,
    ...change,
  };
}
