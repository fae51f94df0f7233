import {
  addDays,
  daysBetween,
  eachDate,
  isLocalDate,
  isLocalTime,
  minutesOfTime,
  weekdayOf,
} from './local-date.js';

describe('a calendar date', () => {
  it('exists, or is refused', () => {
    for (const date of ['2030-03-04', '2028-02-29', '1900-01-01', '2999-12-31'])
      expect(isLocalDate(date)).toBe(true);
    for (const text of [
      '2030-02-30',
      '2029-02-29',
      '2030-13-01',
      '2030-00-10',
      '30-01-01',
      '2030-3-4',
      '',
      '1899-12-31',
      '3000-01-01',
      ' 2030-03-04',
      '2030-03-04\n',
    ]) {
      expect(isLocalDate(text)).toBe(false);
    }
  });

  it('is counted over months, leap years and the change of clocks', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2030-03-01', -1)).toBe('2030-02-28');
    expect(daysBetween('2030-03-09', '2030-03-11')).toBe(2);
    expect(daysBetween('2030-03-11', '2030-03-09')).toBe(-2);
    expect(eachDate('2030-12-30', '2031-01-01')).toEqual(['2030-12-30', '2030-12-31', '2031-01-01']);
    expect(eachDate('2030-03-02', '2030-03-01')).toEqual([]);
  });

  it('stays right when more dates are asked than are remembered', () => {
    expect(eachDate('2000-01-01', '2030-01-01').at(-1)).toBe('2030-01-01');
  });

  it('falls on its weekday, Monday being 1', () => {
    expect(weekdayOf('2030-03-04')).toBe(1);
    expect(weekdayOf('2030-03-10')).toBe(7);
    expect(weekdayOf('1969-12-31')).toBe(3);
    expect(weekdayOf('1900-01-01')).toBe(1);
  });
});

describe('a time of day', () => {
  it('runs to 23:59, and to 24:00 where something ends', () => {
    expect(minutesOfTime('09:30')).toBe(570);
    expect(minutesOfTime('24:00')).toBe(1440);
    expect(isLocalTime('23:59')).toBe(true);
    expect(isLocalTime('24:00')).toBe(false);
    expect(isLocalTime('24:00', true)).toBe(true);
    for (const text of ['9:00', '25:00', '12:60', '24:01', '', '12:00:00'])
      expect(isLocalTime(text, true)).toBe(false);
  });
});
