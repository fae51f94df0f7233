import { backoffMs } from './effect.runner.js';

describe('an effect that failed', () => {
  it('is tried again after a wait with full jitter, never beyond ten minutes', () => {
    expect(backoffMs(1, 1)).toBe(1_000);
    expect(backoffMs(4, 0.5)).toBe(4_000);
    expect(backoffMs(30, 1)).toBe(600_000);
    expect(backoffMs(8, 0)).toBe(0);
  });
});
