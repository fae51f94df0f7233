/**
 * The two-sample Kolmogorov–Smirnov test: how likely two samples are to differ by as much as they do when both come from the same
 * distribution (the asymptotic p-value; Press et al., Numerical Recipes, 14.3). Near 0 means that they can be told apart.
 */
export function sameDistribution(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [a.toSorted((x, y) => x - y), b.toSorted((x, y) => x - y)];
  let [i, j, distance] = [0, 0, 0];
  while (i < left.length && j < right.length) {
    const value = Math.min(left[i] ?? Infinity, right[j] ?? Infinity);
    while (i < left.length && (left[i] ?? 0) <= value) i += 1;
    while (j < right.length && (right[j] ?? 0) <= value) j += 1;
    distance = Math.max(distance, Math.abs(i / left.length - j / right.length));
  }
  const size = Math.sqrt((left.length * right.length) / (left.length + right.length));
  const lambda = (size + 0.12 + 0.11 / size) * distance;
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return lambda < 0.3 ? 1 : Math.min(1, Math.max(0, sum));
}

export const medianOf = (values: readonly number[]): number =>
  values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0;

/** The value that so many of a hundred are below. */
export const percentileOf = (values: readonly number[], percent: number): number =>
  values.toSorted((x, y) => x - y)[
    Math.min(values.length - 1, Math.floor((values.length * percent) / 100))
  ] ?? 0;
