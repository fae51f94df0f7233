import type { MinuteRange } from '../../common/time/zoned-time.js';
import type { BusyMinutes } from './slots.types.js';

/** Sorted, disjoint, non-touching ranges as flat pairs: the form every sweep needs. */
export type FlatRanges = readonly number[];

/** Joins overlapping and touching ranges; empty ones vanish. Linear when the input is sorted by start. */
export function mergeBusy(busy: BusyMinutes): FlatRanges {
  const sorted = isSorted(busy) ? busy : sortPairs(busy);
  const merged: number[] = [];
  for (let i = 0; i + 1 < sorted.length; i += 2) append(merged, sorted[i] ?? 0, sorted[i + 1] ?? 0);
  return merged;
}

/** `mergeBusy` for ranges that are objects. */
export function mergeRanges(ranges: readonly MinuteRange[]): FlatRanges {
  const merged: number[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) append(merged, start, end);
  return merged;
}

/** Every overlap of a range of `a` with one of `b`, not joined: its start is where a grid is anchored. Both sorted by start. */
export function intersections(a: readonly MinuteRange[], b: readonly MinuteRange[]): MinuteRange[] {
  const overlaps: MinuteRange[] = [];
  for (const one of a) {
    for (const other of b) {
      if (other.start >= one.end) break;
      const start = Math.max(one.start, other.start);
      const end = Math.min(one.end, other.end);
      if (start < end) overlaps.push({ start, end });
    }
  }
  return overlaps.sort((x, y) => x.start - y.start);
}

/** Index of the first pair that ends after `minute`, looking from `index` on; the length when there is none. */
export function firstEndingAfter(ranges: FlatRanges, minute: number, index: number): number {
  let i = index;
  while (i < ranges.length && (ranges[i + 1] ?? 0) <= minute) i += 2;
  return i;
}

/** How many minutes of `[start, end)` the ranges cover. */
export function coveredMinutes(ranges: FlatRanges, { start, end }: MinuteRange): number {
  let covered = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    covered += Math.max(0, Math.min(ranges[i + 1] ?? 0, end) - Math.max(ranges[i] ?? 0, start));
  }
  return covered;
}

function append(merged: number[], start: number, end: number): void {
  if (end <= start) return;
  const last = merged.length - 1;
  const lastEnd = merged[last];
  if (lastEnd === undefined || start > lastEnd) merged.push(start, end);
  else if (end > lastEnd) merged[last] = end;
}

function isSorted(busy: BusyMinutes): boolean {
  for (let i = 2; i < busy.length; i += 2) if ((busy[i] ?? 0) < (busy[i - 2] ?? 0)) return false;
  return true;
}

function sortPairs(busy: BusyMinutes): number[] {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < busy.length; i += 2) pairs.push([busy[i] ?? 0, busy[i + 1] ?? 0]);
  return pairs.sort((a, b) => a[0] - b[0]).flat();
}
