import { aCandidate, aSearch, daily } from '../../../test/support/slot-search.js';
import { minuteOf } from '../../common/time/zoned-time.js';
import { alternatives } from './alternatives.js';
import { checkStart } from './check-start.js';
import { findSlots } from './find-slots.js';
import type { SlotSearch } from './slots.types.js';

const minute = (time: string, date = '2030-03-04'): number => minuteOf(new Date(`${date}T${time}:00-05:00`));
const refusal = (change: Partial<SlotSearch>, start: number, staffId: string | null = null) => {
  const check = checkStart(aSearch(change), start, staffId);
  return check.ok ? null : check.reason;
};
const noon = { now: new Date('2030-03-04T12:00:00-05:00'), noticeMinutes: 120, horizonDays: 60 };

describe('a customer who asks for a time', () => {
  it('gets it, with the time it blocks', () => {
    const service = { durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10, stepMinutes: 30 };
    expect(checkStart(aSearch({ service }), minute('10:00'), 'ada')).toEqual({
      ok: true,
      fits: [
        {
          staffId: 'ada',
          start: minute('10:00'),
          end: minute('10:30'),
          blockedFrom: minute('09:55'),
          blockedTo: minute('10:40'),
          warnings: [],
        },
      ],
    });
  });

  it('is told the one reason why not', () => {
    const taken = [aCandidate({ busy: [minute('15:00'), minute('15:30')] })];
    expect(refusal(noon, minute('13:30'))).toBe('min-notice');
    expect(refusal(noon, minute('10:00', '2030-05-10'))).toBe('max-horizon');
    expect(refusal(noon, minute('20:00'))).toBe('outside-business-hours');
    expect(refusal(noon, minute('17:45'))).toBe('outside-business-hours');
    expect(refusal(noon, minute('15:10'))).toBe('off-grid');
    expect(refusal({ ...noon, candidates: taken }, minute('15:00'))).toBe('slot-unavailable');
    expect(refusal({ ...noon, candidates: taken }, minute('15:30'))).toBeNull();
  });

  it('hears of the reason nearest to a yes when people differ', () => {
    const candidates = [
      aCandidate({ staffId: 'early', hours: daily(['09:00', '12:00']) }),
      aCandidate({ staffId: 'odd', hours: daily(['14:15', '18:00']) }),
    ];
    expect(refusal({ candidates }, minute('15:00'))).toBe('off-grid');
    const busy = aCandidate({ staffId: 'busy', busy: [minute('15:00'), minute('16:00')] });
    expect(refusal({ candidates: [...candidates, busy] }, minute('15:00'))).toBe('slot-unavailable');
  });

  it('cannot have somebody who does not do this service', () => {
    expect(refusal({}, minute('10:00'), 'stranger')).toBe('slot-unavailable');
    expect(refusal({ candidates: [] }, minute('10:00'))).toBe('slot-unavailable');
  });
});

describe('“anybody”', () => {
  const order = (search: Partial<SlotSearch>) => {
    const check = checkStart(aSearch(search), minute('10:00'), null);
    return check.ok ? check.fits.map((fit) => fit.staffId) : [];
  };
  const hourAt = (time: string, date?: string) => [minute(time, date), minute(time, date) + 60];

  it('is whoever has the least booked that day, then the first by id', () => {
    const candidates = [
      aCandidate({ staffId: 'd', busy: hourAt('12:00') }),
      aCandidate({ staffId: 'c' }),
      aCandidate({ staffId: 'b', busy: hourAt('12:00', '2030-03-05') }),
      aCandidate({ staffId: 'a', busy: [...hourAt('12:00'), ...hourAt('14:00')] }),
      aCandidate({ staffId: 'e', busy: hourAt('10:00') }),
    ];
    expect(order({ candidates })).toEqual(['b', 'c', 'd', 'a']);
  });

  it('does not count a free afternoon as work', () => {
    const candidates = [
      aCandidate({ staffId: 'away', busy: [minute('13:00'), minute('18:00')], booked: [] }),
      aCandidate({ staffId: 'busy', busy: hourAt('12:00') }),
    ];
    expect(order({ candidates })).toEqual(['away', 'busy']);
  });
});

describe('staff who book', () => {
  const warnings = (start: number, change: Partial<SlotSearch> = {}) => {
    const check = checkStart(aSearch({ ...noon, ...change }), start, null, 'staff');
    return check.ok ? check.fits.map((fit) => [fit.staffId, ...fit.warnings]) : check.reason;
  };

  it('are warned of every rule a customer would be held to', () => {
    expect(warnings(minute('15:00'))).toEqual([['ada']]);
    expect(warnings(minute('12:30'))).toEqual([['ada', 'min-notice']]);
    expect(warnings(minute('15:10'))).toEqual([['ada', 'off-grid']]);
    expect(warnings(minute('07:00'))).toEqual([['ada', 'min-notice', 'outside-business-hours']]);
    expect(warnings(minute('10:00', '2030-05-10'))).toEqual([['ada', 'max-horizon']]);
  });

  it('cannot book a time that is taken, not even outside opening hours', () => {
    const candidates = [aCandidate({ busy: [minute('20:00'), minute('21:00')] })];
    expect(warnings(minute('20:30'), { candidates })).toBe('slot-unavailable');
  });

  it('are offered people who are at work first', () => {
    const candidates = [aCandidate({ hours: daily(['09:00', '12:00']) }), aCandidate({ staffId: 'zoe' })];
    expect(warnings(minute('15:00'), { candidates })).toEqual([['zoe'], ['ada', 'outside-business-hours']]);
  });
});

describe('when a time is gone', () => {
  const near = (time: string, change: Partial<SlotSearch> = {}, count?: number) =>
    alternatives(findSlots(aSearch(change)), minute(time), count).map((slot) => [
      (slot.start - minute('00:00')) / 60,
      ...slot.staffIds,
    ]);

  it('the three nearest are offered, the earlier first', () => {
    const candidates = [aCandidate({ busy: [minute('10:00'), minute('11:00')] })];
    expect(near('10:00', { candidates })).toEqual([
      [9.5, 'ada'],
      [9, 'ada'],
      [11, 'ada'],
    ]);
    expect(near('10:00', { candidates: [] })).toEqual([]);
    expect(near('10:00', {}, 1)).toEqual([[10, 'ada']]);
  });

  it('the same time with somebody else comes first, and counts once for quick and slow', () => {
    const candidates = [aCandidate({ staffId: 'zoe' }), aCandidate({ staffId: 'bob', durationMinutes: 20 })];
    expect(near('10:00', { candidates })[0]).toEqual([10, 'bob', 'zoe']);
  });
});
