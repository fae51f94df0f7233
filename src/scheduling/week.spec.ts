import { dateViolations, seedWeek, weekViolations, wholeWeek, type DayHours } from './week.js';

const day = (weekday: number, ...intervals: string[]): DayHours => ({
  weekday,
  intervals: intervals.map((text) => ({ from: text.slice(0, 5), to: text.slice(6) })),
});
const pointers = (week: DayHours[]) => weekViolations(week).map(({ pointer, code }) => `${code} ${pointer}`);

describe('the salon’s week', () => {
  it('may have a lunch break, a late evening and a day off', () => {
    expect(pointers([day(1, '09:00-12:00', '13:00-18:00'), day(2), day(5, '18:00-02:00')])).toEqual([]);
  });

  it('may be open around the clock on every day', () => {
    expect(pointers([1, 2, 3, 4, 5, 6, 7].map((weekday) => day(weekday, '00:00-24:00')))).toEqual([]);
  });

  it('names every weekday once', () => {
    expect(pointers([day(1, '09:00-10:00'), day(1, '11:00-12:00')])).toEqual(['unique /week/1/weekday']);
  });

  it('has no overlapping hours on a day, in whatever order they are given', () => {
    expect(pointers([day(1, '13:00-18:00', '09:00-13:01')])).toEqual(['overlap /week/0/intervals/0']);
    expect(pointers([day(1, '13:00-18:00', '09:00-13:00')])).toEqual([]);
  });

  it('does not run past midnight into the next day’s hours', () => {
    expect(pointers([day(5, '18:00-02:00'), day(6, '01:00-05:00')])).toEqual(['overlap /week/1/intervals/0']);
    expect(pointers([day(5, '18:00-02:00'), day(6, '02:00-05:00')])).toEqual([]);
  });

  it('does not run from Sunday night into Monday’s hours', () => {
    expect(pointers([day(1, '01:00-05:00'), day(7, '18:00-02:00')])).toEqual(['overlap /week/0/intervals/0']);
    expect(pointers([day(7, '18:00-02:00')])).toEqual([]);
  });

  it('is shown from Monday to Sunday, each day from morning to night', () => {
    const rows = [
      { weekday: 3, opensAt: '13:00', closesAt: '18:00' },
      { weekday: 3, opensAt: '09:00', closesAt: '12:00' },
    ];
    expect(wholeWeek(rows)[2]).toEqual(day(3, '09:00-12:00', '13:00-18:00'));
    expect(wholeWeek(rows).map(({ weekday }) => weekday)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('begins with the configured hours and days', () => {
    expect(seedWeek({ startHour: 9, endHour: 24, days: [1, 6] })).toEqual([
      day(1, '09:00-24:00'),
      day(6, '09:00-24:00'),
    ]);
  });
});

describe('the hours of one date', () => {
  it('may close the salon, and must not overlap', () => {
    expect(dateViolations([])).toEqual([]);
    expect(dateViolations(day(1, '10:00-14:00').intervals)).toEqual([]);
    expect(dateViolations(day(1, '10:00-14:00', '13:30-15:00').intervals)).toMatchObject([
      { pointer: '/intervals/1', code: 'overlap' },
    ]);
  });
});
