import { retryDelayMs } from './retry-delay.js';

describe('the wait before a message is tried again', () => {
  it('doubles from attempt to attempt, up to five minutes', () => {
    const longest = [1, 2, 3, 4, 9, 20, 200].map((attempt) => retryDelayMs(attempt, null, 0.999_999));
    expect(longest).toEqual([999, 1999, 3999, 7999, 255_999, 299_999, 299_999]);
  });

  it('is spread over the whole range, so that a thousand messages do not come back together', () => {
    expect(retryDelayMs(5, null, 0)).toBe(0);
    expect(retryDelayMs(5, null, 0.5)).toBe(8000);
  });

  it('is never shorter than the provider asked for', () => {
    for (const random of [0, 0.5, 0.99]) expect(retryDelayMs(3, 7000, random)).toBeGreaterThanOrEqual(7000);
  });
});
