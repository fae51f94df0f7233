import { formatDate, formatMinute, formatTime, formatWithOffset, relativeDay } from './format.js';
import { dayMinutes, instantOfMinute } from './zoned-time.js';

const newYork = { zone: 'America/New_York', locale: 'en-US' };
const now = new Date('2030-03-01T12:00:00Z');

describe('a time as programs read it', () => {
  it('carries the offset of the place', () => {
    const instant = new Date('2030-03-04T14:00:07.999Z');
    expect(formatWithOffset(instant, 'America/New_York')).toBe('2030-03-04T09:00:07-05:00');
    expect(formatWithOffset(instant, 'Asia/Kathmandu')).toBe('2030-03-04T19:45:07+05:45');
    expect(formatWithOffset(instant, 'UTC')).toBe('2030-03-04T14:00:07+00:00');
  });

  it.each(['2030-03-10', '2030-11-03'])(
    'names the same instant and the same wall clock as the text message, all through %s',
    (date) => {
      const { start, end } = dayMinutes(date, newYork.zone);
      for (let minute = start; minute < end; minute += 15) {
        const machine = formatMinute(minute, newYork.zone);
        expect(Date.parse(machine)).toBe(minute * 60_000);
        const [hours = 0, minutes = 0] = machine.slice(11, 16).split(':').map(Number);
        const spoken = `${hours % 12 || 12}:${String(minutes).padStart(2, '0')} ${hours < 12 ? 'AM' : 'PM'}`;
        expect(formatTime(instantOfMinute(minute), newYork)).toBe(spoken);
      }
    },
  );
});

describe('a time as customers read it', () => {
  it('is the date without the year this year, and with it otherwise', () => {
    const instant = new Date('2030-03-04T14:00:00Z');
    expect(formatDate(instant, now, newYork)).toBe('Monday, March 4');
    expect(formatDate(instant, new Date('2029-12-30T12:00:00Z'), newYork)).toBe('Monday, March 4, 2030');
    expect(formatDate(instant, new Date('2030-01-01T04:00:00Z'), newYork)).toBe('Monday, March 4, 2030');
  });

  it('is written with plain spaces, which keep a text message cheap', () => {
    expect(formatTime(new Date('2030-03-04T14:00:00Z'), newYork)).toBe('9:00 AM');
    expect(formatTime(new Date('2030-03-04T19:00:00Z'), { ...newYork, locale: 'de' })).toBe('14:00');
  });

  it('falls back to English for a language nobody knows', () => {
    for (const locale of ['not a locale', 'xx-unknown', '']) {
      expect(formatTime(new Date('2030-03-04T14:00:00Z'), { ...newYork, locale })).toBe('9:00 AM');
    }
  });

  it('stays right when more languages are asked than are remembered', () => {
    for (let i = 0; i < 80; i += 1) formatTime(now, { ...newYork, locale: `en-x-salon${i}` });
    expect(formatTime(new Date('2030-03-04T14:00:00Z'), newYork)).toBe('9:00 AM');
  });
});

describe('“today” and “tomorrow”', () => {
  it('follow the salon’s calendar, not the hours in between', () => {
    const late = new Date('2030-03-05T04:30:00Z'); // 23:30 on March 4 in New York
    expect(relativeDay(new Date('2030-03-05T04:59:00Z'), late, newYork.zone)).toBe('today');
    expect(relativeDay(new Date('2030-03-05T05:00:00Z'), late, newYork.zone)).toBe('tomorrow');
    expect(relativeDay(new Date('2030-03-06T05:00:00Z'), late, newYork.zone)).toBeNull();
    expect(relativeDay(new Date('2030-03-04T04:59:00Z'), late, newYork.zone)).toBeNull();
  });
});
