import { aSearch, daily } from '../../../test/support/slot-search.js';
import { eachDate } from '../../common/time/local-date.js';
import { dayMinutes } from '../../common/time/zoned-time.js';
import { findSlots } from './find-slots.js';
import { renderSlotDays } from './render-slots.js';
import type { SlotSearch } from './slots.types.js';

const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
] as const;

/** Days of 2030 that are not 24 hours long. */
function switchDays(zone: string): { date: string; minutes: number }[] {
  return eachDate('2030-01-01', '2030-12-31')
    .map((date) => ({ date, minutes: dayMinutes(date, zone).end - dayMinutes(date, zone).start }))
    .filter(({ minutes }) => minutes !== 1440);
}

function starts(change: Partial<SlotSearch>): string[] {
  const search = aSearch(change);
  const days = renderSlotDays(findSlots(search), search.displayZone);
  return days.flatMap((day) => day.slots.map((slot) => slot.start));
}

const clockOf = (start: string): string => start.slice(11, 16);
const timesOn = (date: string, zone: string, from: string, to: string): string[] =>
  starts({ zone, from: date, businessHours: daily([from, to]) }).map(clockOf);

describe('the days on which clocks change', () => {
  it('are those of the year 2030, in each zone its own', () => {
    expect(Object.fromEntries(ZONES.map((zone) => [zone, switchDays(zone)]))).toEqual({
      'America/New_York': [
        { date: '2030-03-10', minutes: 1380 },
        { date: '2030-11-03', minutes: 1500 },
      ],
      'Europe/Berlin': [
        { date: '2030-03-31', minutes: 1380 },
        { date: '2030-10-27', minutes: 1500 },
      ],
      'Australia/Lord_Howe': [
        { date: '2030-04-07', minutes: 1470 },
        { date: '2030-10-06', minutes: 1410 },
      ],
      'America/Santiago': [
        { date: '2030-04-06', minutes: 1500 },
        { date: '2030-09-08', minutes: 1380 },
      ],
      'Asia/Kathmandu': [],
    });
  });

  it.each(ZONES)('keep a day from nine to six whole in %s: 18 half hours, the first at nine', (zone) => {
    const dates = [...switchDays(zone).map((day) => day.date), '2030-03-04'];
    for (const date of dates) {
      const times = timesOn(date, zone, '09:00', '18:00');
      expect(times).toHaveLength(18);
      expect([times[0], times.at(-1)]).toEqual(['09:00', '17:30']);
    }
  });
});

describe('a night shift from midnight to six', () => {
  it('loses the skipped hour in spring', () => {
    const newYork = timesOn('2030-03-10', 'America/New_York', '00:00', '06:00');
    expect(newYork).toEqual([
      '00:00',
      '00:30',
      '01:00',
      '01:30',
      '03:00',
      '03:30',
      '04:00',
      '04:30',
      '05:00',
      '05:30',
    ]);
    expect(timesOn('2030-03-31', 'Europe/Berlin', '00:00', '06:00')).toEqual(newYork);
  });

  it('has the repeated hour twice in autumn, told apart by its offset', () => {
    const newYork = starts({ from: '2030-11-03', businessHours: daily(['00:00', '06:00']) });
    expect(newYork).toHaveLength(14);
    expect(newYork.slice(2, 6)).toEqual([
      '2030-11-03T01:00:00-04:00',
      '2030-11-03T01:30:00-04:00',
      '2030-11-03T01:00:00-05:00',
      '2030-11-03T01:30:00-05:00',
    ]);
    const berlin = timesOn('2030-10-27', 'Europe/Berlin', '00:00', '06:00');
    expect(berlin).toHaveLength(14);
    expect(berlin.slice(4, 8)).toEqual(['02:00', '02:30', '02:00', '02:30']);
  });

  it('shifts by half an hour only on Lord Howe Island', () => {
    const spring = timesOn('2030-10-06', 'Australia/Lord_Howe', '00:00', '06:00');
    expect(spring).toHaveLength(11);
    expect(spring.slice(3, 5)).toEqual(['01:30', '02:30']);
    const autumn = timesOn('2030-04-07', 'Australia/Lord_Howe', '00:00', '06:00');
    expect(autumn).toHaveLength(13);
    expect(autumn.slice(2, 5)).toEqual(['01:00', '01:30', '01:30']);
  });

  it('begins at one in Santiago when midnight itself is skipped', () => {
    const spring = timesOn('2030-09-08', 'America/Santiago', '00:00', '06:00');
    expect(spring).toHaveLength(10);
    expect(spring[0]).toBe('01:00');
  });

  it('has the hour before midnight twice in Santiago when midnight is put back', () => {
    const autumn = starts({
      zone: 'America/Santiago',
      from: '2030-04-06',
      businessHours: daily(['18:00', '24:00']),
    });
    expect(autumn).toHaveLength(14);
    expect(autumn.slice(-4)).toEqual([
      '2030-04-06T23:00:00-03:00',
      '2030-04-06T23:30:00-03:00',
      '2030-04-06T23:00:00-04:00',
      '2030-04-06T23:30:00-04:00',
    ]);
  });

  it('is an ordinary night in Kathmandu', () => {
    const night = starts({
      zone: 'Asia/Kathmandu',
      from: '2030-03-10',
      businessHours: daily(['00:00', '06:00']),
    });
    expect(night).toHaveLength(12);
    expect(night[0]).toBe('2030-03-10T00:00:00+05:45');
  });
});

describe('two hours’ notice over the change of clocks', () => {
  it('are two real hours, not two on the dial', () => {
    const night = { businessHours: daily(['00:00', '06:00']), noticeMinutes: 120 };
    expect(starts({ ...night, from: '2030-03-10', now: new Date('2030-03-10T01:00:00-05:00') })[0]).toBe(
      '2030-03-10T04:00:00-04:00',
    );
    expect(starts({ ...night, from: '2030-11-03', now: new Date('2030-11-03T00:30:00-04:00') })[0]).toBe(
      '2030-11-03T01:30:00-05:00',
    );
  });
});
