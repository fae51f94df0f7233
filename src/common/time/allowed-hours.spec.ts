import { intoAllowedHours, isWithinAllowedHours } from './allowed-hours.js';
import { formatWithOffset } from './format.js';
import { instantOf } from './zoned-time.js';

const zone = 'America/New_York';
const hours = { from: '08:00', to: '21:00', zone };
const at = (time: string, date = '2030-03-04') => instantOf(date, time, zone);

function moved(due: Date, notAfter: Date | null): string | null {
  const time = intoAllowedHours(due, { ...hours, notAfter });
  return time && formatWithOffset(time, zone).slice(5, 16);
}

describe('a reminder', () => {
  it('goes when it is due, if that is between eight and nine', () => {
    expect(moved(at('08:00'), at('08:00', '2030-03-05'))).toBe('03-04T08:00');
    expect(moved(at('20:59'), null)).toBe('03-04T20:59');
  });

  it('waits for the morning when it falls before', () => {
    expect(moved(at('06:30'), at('06:30', '2030-03-05'))).toBe('03-04T08:00');
    expect(moved(at('00:00'), null)).toBe('03-04T08:00');
  });

  it('comes early when it falls after, on the same day', () => {
    expect(moved(at('21:00'), at('21:00', '2030-03-05'))).toBe('03-04T20:59');
    expect(moved(at('23:30'), null)).toBe('03-04T20:59');
  });

  it('stays before the appointment, and is dropped when that leaves no time', () => {
    expect(moved(at('05:00'), at('07:00'))).toBeNull();
    expect(moved(at('06:00'), at('08:00'))).toBeNull();
    expect(moved(at('06:00'), at('08:01'))).toBe('03-04T08:00');
    expect(moved(at('12:00'), at('12:00'))).toBe('03-04T11:59');
  });

  it('counts the hours of the reader’s own zone, also when clocks change', () => {
    expect(isWithinAllowedHours(new Date('2030-03-10T12:00:00Z'), hours)).toBe(true);
    expect(isWithinAllowedHours(new Date('2030-03-09T12:59:59Z'), hours)).toBe(false);
    expect(isWithinAllowedHours(at('21:00'), hours)).toBe(false);
    expect(moved(at('00:30', '2030-03-10'), null)).toBe('03-10T08:00');
    expect(moved(at('22:30', '2030-11-03'), null)).toBe('11-03T20:59');
  });
});
