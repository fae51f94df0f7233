import { aCandidate, aSearch, daily } from '../../../test/support/slot-search.js';
import { dayMinutes, minuteOf } from '../../common/time/zoned-time.js';
import { busyRangeOfDates, busyRangeOfStart } from './busy-range.js';
import { findSlots } from './find-slots.js';
import { renderSlotDays } from './render-slots.js';
import type { SlotSearch } from './slots.types.js';

const DAY = '2030-03-04';
const minute = (time: string, date = DAY): number => minuteOf(new Date(`${date}T${time}:00-05:00`));
const service = { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, stepMinutes: 30 };

function rendered(change: Partial<SlotSearch>) {
  const search = aSearch(change);
  return renderSlotDays(findSlots(search), search.displayZone);
}

const times = (change: Partial<SlotSearch>): string[] =>
  rendered(change).flatMap((day) => day.slots.map((slot) => slot.start.slice(11, 16)));

describe('a day from nine to six', () => {
  it('ends with a half-hour visit at 17:30 and an hour-long one at 17:00', () => {
    expect(times({}).at(-1)).toBe('17:30');
    expect(times({ service: { ...service, durationMinutes: 60 } }).at(-1)).toBe('17:00');
  });

  it('is told with its date, its offset and who has time', () => {
    expect(rendered({ businessHours: daily(['09:00', '10:00']) })).toEqual([
      {
        date: DAY,
        slots: [
          { start: `${DAY}T09:00:00-05:00`, end: `${DAY}T09:30:00-05:00`, staffIds: ['ada'] },
          { start: `${DAY}T09:30:00-05:00`, end: `${DAY}T10:00:00-05:00`, staffIds: ['ada'] },
        ],
      },
    ]);
  });

  it('keeps its starts where they are as it fills', () => {
    const candidates = [
      aCandidate({ busy: [minute('09:00'), minute('09:40'), minute('11:00'), minute('17:00')] }),
    ];
    expect(times({ candidates })).toEqual(['10:00', '10:30', '17:00', '17:30']);
  });

  it('has no place for a visit longer than any opening', () => {
    expect(times({ service: { ...service, durationMinutes: 541 } })).toEqual([]);
  });
});

describe('buffers', () => {
  const buffered = { ...service, bufferBeforeMinutes: 15, bufferAfterMinutes: 15 };

  it('keep a distance from other appointments on both sides', () => {
    const candidates = [aCandidate({ busy: [minute('12:00'), minute('13:00')] })];
    const free = times({ service: buffered, candidates });
    expect(free.filter((time) => time > '11:00' && time < '14:00')).toEqual(['13:30']);
    const exact = [aCandidate({ busy: [minute('12:15'), minute('12:45')] })];
    expect(times({ service: buffered, candidates: exact })).toContain('11:30');
    expect(times({ service: buffered, candidates: exact })).toContain('13:00');
  });

  it('may lie outside opening hours, unless the salon says no', () => {
    expect(times({ service: buffered })).toHaveLength(18);
    const strict = times({ service: buffered, bufferMayExceedHours: false });
    expect([strict[0], strict.at(-1)]).toEqual(['09:30', '17:00']);
  });
});

describe('opening hours', () => {
  it('give way to an exception of the date, open or closed', () => {
    const exceptions = { [DAY]: [{ from: '12:00', to: '13:00' }], '2030-03-05': [] };
    const days = rendered({ to: '2030-03-06', businessHours: { ...daily(['09:00', '10:00']), exceptions } });
    expect(days.map((day) => [day.date, day.slots.length, day.slots[0]?.start.slice(11, 16)])).toEqual([
      [DAY, 2, '12:00'],
      ['2030-03-05', 0, undefined],
      ['2030-03-06', 2, '09:00'],
    ]);
  });

  it('have a lunch break that no visit runs into', () => {
    const businessHours = daily(['09:00', '12:00'], ['13:00', '18:00']);
    const hour = times({ businessHours, service: { ...service, durationMinutes: 60 } });
    expect(hour.filter((time) => time >= '11:00' && time <= '13:00')).toEqual(['11:00', '13:00']);
  });

  it('can run past midnight and belong to the evening they began', () => {
    const businessHours = { ...daily(['22:00', '02:00']), exceptions: { '2030-03-05': [] } };
    const days = rendered({ businessHours, to: '2030-03-06' });
    expect(days.map((day) => day.slots.length)).toEqual([8, 4, 4]);
  });

  it('are round the clock when they end where they begin', () => {
    expect(times({ businessHours: daily(['00:00', '00:00']) })).toHaveLength(48);
  });

  it('let a visit run over midnight where one day ends and the next begins', () => {
    const long = { ...service, durationMinutes: 90, stepMinutes: 60 };
    expect(times({ businessHours: daily(['00:00', '24:00']), service: long })).toHaveLength(24);
  });
});

describe('the hours of one person', () => {
  it('count only within the salon’s, and start a grid of their own', () => {
    const candidates = [aCandidate({ hours: daily(['08:00', '10:00'], ['16:15', '20:00']) })];
    expect(times({ candidates })).toEqual(['09:00', '09:30', '16:15', '16:45', '17:15']);
  });

  it('are the salon’s when they have none, except on their special days', () => {
    const hours = { weekly: null, exceptions: { [DAY]: [{ from: '11:00', to: '12:00' }] } };
    expect(times({ candidates: [aCandidate({ hours })], to: '2030-03-05' })).toHaveLength(2 + 18);
  });

  it('do not open a closed salon', () => {
    const candidates = [aCandidate({ hours: daily(['09:00', '18:00']) })];
    expect(times({ candidates, businessHours: { weekly: {}, exceptions: {} } })).toEqual([]);
  });

  it('leave out weekdays they do not work', () => {
    const hours = { weekly: { 2: [{ from: '09:00', to: '10:00' }] }, exceptions: {} };
    const days = rendered({ candidates: [aCandidate({ hours })], to: '2030-03-06' });
    expect(days.map((day) => day.slots.length)).toEqual([0, 2, 0]);
  });
});

describe('several people', () => {
  it('share one slot when they are all free, by id', () => {
    const candidates = ['zoe', 'ada', 'mia'].map((staffId) => aCandidate({ staffId }));
    const [first] = rendered({ candidates })[0]?.slots ?? [];
    expect(first?.staffIds).toEqual(['ada', 'mia', 'zoe']);
  });

  it('make two slots of one start when one of them is quicker', () => {
    const candidates = [aCandidate(), aCandidate({ staffId: 'bob', durationMinutes: 20 })];
    const slots = rendered({ candidates, businessHours: daily(['09:00', '09:30']) })[0]?.slots;
    expect(slots?.map((slot) => [slot.end.slice(11, 16), slot.staffIds])).toEqual([
      ['09:20', ['bob']],
      ['09:30', ['ada']],
    ]);
  });
});

describe('notice and horizon', () => {
  it('allow exactly two hours ahead, and not a millisecond less', () => {
    const at = (now: string) => times({ noticeMinutes: 120, now: new Date(now) })[0];
    expect(at(`${DAY}T08:00:00.000-05:00`)).toBe('10:00');
    expect(at(`${DAY}T08:00:00.001-05:00`)).toBe('10:30');
  });

  it('do not hold staff back, who may be shown the past or not', () => {
    const now = new Date(`${DAY}T12:00:00-05:00`);
    expect(times({ now })[0]).toBe('09:00');
    expect(times({ now, noticeMinutes: 0 })[0]).toBe('12:00');
  });

  it('end with the sixtieth day on the salon’s calendar', () => {
    const now = new Date('2030-01-03T23:59:00-05:00'); // sixty days before March 4
    expect(rendered({ now, horizonDays: 60, to: '2030-03-05' }).map((day) => day.slots.length)).toEqual([
      18, 0,
    ]);
    expect(rendered({ now, horizonDays: 59 }).map((day) => day.slots.length)).toEqual([0]);
  });
});

describe('a customer abroad', () => {
  it('sees the salon’s hours under their own dates', () => {
    const days = rendered({ displayZone: 'Asia/Tokyo', from: '2030-03-04', to: '2030-03-05' });
    expect(days.map((day) => [day.date, day.slots.length])).toEqual([
      ['2030-03-04', 6 + 12], // Sunday 12:00 to 15:00 and Monday's first six hours fall on Tokyo's Monday and Tuesday
      ['2030-03-05', 6 + 12],
    ]);
    expect(days[0]?.slots[0]?.start).toBe('2030-03-04T00:00:00+09:00');
  });
});

describe('what has to be read before', () => {
  it('reaches as far as a visit with its buffers can', () => {
    const wide = { ...service, bufferBeforeMinutes: 10, bufferAfterMinutes: 20 };
    const day = dayMinutes(DAY, 'America/New_York');
    const expected = { start: day.start - 10, end: day.end + 45 + 20 };
    expect(busyRangeOfDates(aSearch({ service: wide }), 45)).toEqual(expected);
    expect(busyRangeOfStart(aSearch({ service: wide }), minute('12:00'), 45)).toEqual(expected);
  });

  it('is nothing when the dates are the wrong way round', () => {
    expect(findSlots(aSearch({ from: '2030-03-05', to: '2030-03-04' }))).toEqual([]);
  });
});
