import { sameDistribution } from '../support/kolmogorov-smirnov.js';
import { Random } from '../support/random.js';

describe('the test for two samples', () => {
  const random = new Random(7);
  const sample = (count: number, shift = 0) =>
    Array.from({ length: count }, () => random.next() + random.next() + shift);

  it('takes two of one distribution for the same', () => {
    const ps = Array.from({ length: 20 }, () => sameDistribution(sample(2_000), sample(2_000)));
    expect(ps.filter((p) => p > 0.01).length).toBeGreaterThanOrEqual(19);
  });

  it('tells a small shift apart', () => {
    expect(sameDistribution(sample(2_000), sample(2_000, 0.1))).toBeLessThan(0.01);
  });
});
