/** A share with four decimals; null where there is nothing to have a share of. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

/** An amount shared out, in whole minor units; null where there is nobody to share it. */
export function average(amount: number, among: number): number | null {
  return among === 0 ? null : Math.round(amount / among);
}

/** The sum of one figure over rows. */
export function total<K extends string>(rows: readonly Readonly<Record<K, number>>[], key: K): number {
  return rows.reduce((sum, row) => sum + row[key], 0);
}
