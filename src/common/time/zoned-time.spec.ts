import { intlWallClock } from '../../../test/support/intl-wall-clock.js';
import { addDays, dayNumber, eachDate, minutesOfTime } from './local-date.js';
import { formatWithOffset } from './format.js';
import { isTimeZone, offsetMinutes } from './zone-offsets.js';
import {
  dayBounds,
  dayMinutes,
  instantOf,
  localDateOf,
  minuteAt,
  minuteOfDay,
  previousLocalDaySameTime,
  wholeMinuteOf,
} from './zoned-time.js';

const SAMPLE = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  'America/Nuuk',
  'Atlantic/Azores',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Antarctica/Troll',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];
const all = process.env.TIME_ZONES === 'all';
const zones = all ? Intl.supportedValuesOf('timeZone') : SAMPLE;
const dates = all ? eachDate('2025-01-01', '2035-12-31') : eachDate('2030-01-01', '2030-12-31');

describe('wall-clock times become instants', () => {
  it.each(zones)(
    'as the tables of the platform have it, every day in %s',
    (zone) => {
      const wallClock = intlWallClock(zone);
      const wrong: string[] = [];
      for (const date of dates) {
        for (const time of ['00:00', '01:30', '02:15', '12:00', '23:30']) {
          const asked = dayNumber(date) * 1440 + minutesOfTime(time);
          const minute = minuteAt(date, minutesOfTime(time), zone);
          const gap = wallClock(minute) - asked;
          const isEarliest = ![30, 60, 120].some((back) => wallClock(minute - back) === asked);
          const isSkipped =
            wallClock(minute - gap) !== asked && wallClock(minute - 180) === wallClock(minute) - gap - 180;
          if (gap === 0 ? !isEarliest : !isSkipped) wrong.push(`${date} ${time}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    600_000,
  );

  it('takes the earlier of a repeated time and moves a skipped one forward by the gap', () => {
    const at = (date: string, time: string, zone: string) =>
      formatWithOffset(instantOf(date, time, zone), zone);

    expect(at('2030-11-03', '01:30', 'America/New_York')).toBe('2030-11-03T01:30:00-04:00');
    expect(at('2030-03-10', '02:30', 'America/New_York')).toBe('2030-03-10T03:30:00-04:00');
    expect(at('2030-10-06', '02:00', 'Australia/Lord_Howe')).toBe('2030-10-06T02:30:00+11:00');
    expect(at('2030-09-08', '00:00', 'America/Santiago')).toBe('2030-09-08T01:00:00-03:00');
    expect(at('2030-04-06', '24:00', 'America/Santiago')).toBe('2030-04-07T00:00:00-04:00');
    expect(at('2011-12-30', '12:00', 'Pacific/Apia')).toBe('2011-12-31T12:00:00+14:00');
  });

  it('gives the day on which clocks change its real length', () => {
    const hours = (date: string, zone: string) => {
      const { start, end } = dayBounds(date, zone);
      return (end.getTime() - start.getTime()) / 3_600_000;
    };

    expect(hours('2030-03-10', 'America/New_York')).toBe(23);
    expect(hours('2030-11-03', 'America/New_York')).toBe(25);
    expect(hours('2030-04-07', 'Australia/Lord_Howe')).toBe(24.5);
    expect(hours('2030-04-06', 'America/Santiago')).toBe(25);
    expect(hours('2030-09-08', 'America/Santiago')).toBe(23);
    expect(hours('2030-03-10', 'Asia/Kathmandu')).toBe(24);
  });

  it('knows the date and the time of day on both sides of midnight', () => {
    const instant = new Date('2030-03-04T04:59:59.999Z');
    expect(localDateOf(instant, 'America/New_York')).toBe('2030-03-03');
    expect(minuteOfDay(instant, 'America/New_York')).toBe(23 * 60 + 59);
    expect(localDateOf(instant, 'Asia/Kathmandu')).toBe('2030-03-04');
    expect(dayMinutes('1969-12-31', 'UTC')).toEqual({ start: -1440, end: 0 });
  });

  it('does not take a time with seconds for a whole minute', () => {
    expect(wholeMinuteOf(new Date(120_000))).toBe(2);
    expect(wholeMinuteOf(new Date(121_000))).toBeNull();
  });
});

describe('the reminder of a 09:30 appointment', () => {
  const dueFor = (date: string, zone: string) => {
    const start = instantOf(date, '09:30', zone);
    const due = previousLocalDaySameTime(start, zone);
    return {
      due: formatWithOffset(due, zone).slice(0, 16),
      hours: (start.getTime() - due.getTime()) / 3_600_000,
    };
  };

  it.each([
    ['America/New_York', '2030-03-10', 23],
    ['America/New_York', '2030-11-03', 25],
    ['Europe/Berlin', '2030-03-31', 23],
    ['Europe/Berlin', '2030-10-27', 25],
    ['Australia/Lord_Howe', '2030-10-06', 23.5],
    ['Australia/Lord_Howe', '2030-04-07', 24.5],
    ['America/Santiago', '2030-09-08', 23],
    ['America/Santiago', '2030-04-07', 25],
    ['Asia/Kathmandu', '2030-03-10', 24],
  ])('in %s on %s is due at 09:30 the day before, %d hours earlier', (zone, date, hours) => {
    expect(dueFor(date, zone)).toEqual({ due: `${addDays(date, -1)}T09:30`, hours });
  });

  it('while twenty-four hours stay twenty-four hours, whatever the wall clock says', () => {
    const day = 24 * 3_600_000;
    const closes = (date: string) => new Date(instantOf(date, '09:30', 'America/New_York').getTime() - day);
    expect(formatWithOffset(closes('2030-03-10'), 'America/New_York')).toBe('2030-03-09T08:30:00-05:00');
    expect(formatWithOffset(closes('2030-11-03'), 'America/New_York')).toBe('2030-11-02T10:30:00-04:00');
  });
});

describe('a time zone', () => {
  it('is a name from the world’s list, not an offset', () => {
    for (const zone of [...SAMPLE, 'UTC', 'US/Eastern']) expect(isTimeZone(zone)).toBe(true);
    for (const text of ['', '+02:00', 'Z', 'Mars/Olympus', '2030-01-01T00:00[UTC]', `A${'/b'.repeat(60)}`]) {
      expect(isTimeZone(text)).toBe(false);
    }
    expect(() => offsetMinutes(0, 'Mars/Olympus')).toThrow(RangeError);
  });

  it('keeps its answers when more zones and days are asked than are remembered', () => {
    const before = offsetMinutes(31_000_000, 'America/New_York');
    for (const zone of Intl.supportedValuesOf('timeZone').slice(0, 80)) offsetMinutes(0, zone);
    for (let day = 0; day < 4200; day += 1) offsetMinutes(day * 1440, 'UTC');
    expect(offsetMinutes(31_000_000, 'America/New_York')).toBe(before);
  });
});
