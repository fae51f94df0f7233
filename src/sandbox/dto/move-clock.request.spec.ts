import { MoveClockRequest } from './move-clock.request.js';

const moved = (fields: Partial<MoveClockRequest>) => Object.assign(new MoveClockRequest(), fields).toMove();

describe('a wish to move the clock', () => {
  it('names an instant, minutes, or the way back', () => {
    const now = new Date('2030-03-03T09:00:00Z');
    expect(moved({ now })).toEqual({ to: now });
    expect(moved({ advanceMinutes: 60 })).toEqual({ advanceMinutes: 60 });
    expect(moved({ reset: true })).toBe('reset');
  });

  it('is refused when it names none of them or several', () => {
    expect(() => moved({})).toThrow();
    expect(() => moved({ reset: false })).toThrow();
    expect(() => moved({ advanceMinutes: 1, reset: true })).toThrow();
  });
});
