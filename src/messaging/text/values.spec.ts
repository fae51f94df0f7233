import { timesOf } from './values.js';

describe('other times to come', () => {
  const now = new Date('2030-03-01T14:00:00Z');
  const reader = { zone: 'America/New_York', locale: 'en-US' };
  const told = (...instants: string[]) =>
    timesOf(
      instants.map((instant) => new Date(instant)),
      now,
      reader,
    );

  it('stand in their order, each day once, on the clock of the salon', () => {
    expect(told('2030-03-04T15:00:00Z', '2030-03-04T14:00:00Z', '2030-03-05T14:30:00Z')).toBe(
      'Monday, March 4 at 9:00 AM, 10:00 AM; Tuesday, March 5 at 9:30 AM',
    );
  });

  it('of another year name it, and none is nothing', () => {
    expect(told('2031-01-02T14:00:00Z')).toBe('Thursday, January 2, 2031 at 9:00 AM');
    expect(told()).toBe('');
  });
});
