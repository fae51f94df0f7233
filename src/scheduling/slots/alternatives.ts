import type { Slot, SlotDay } from './slots.types.js';

/**
 * Up to `count` slots nearest to the wanted start (epoch minute), nearest first, the earlier of two equally near. The wanted
 * start itself is among them when somebody else can take it; a start with two durations counts once, all its staff together.
 */
export function alternatives(days: readonly SlotDay[], wanted: number, count = 3): Slot[] {
  const byStart = new Map<number, Slot>();
  for (const slot of days.flatMap((day) => day.slots)) {
    const same = byStart.get(slot.start);
    byStart.set(slot.start, same ? { ...same, staffIds: [...same.staffIds, ...slot.staffIds].sort() } : slot);
  }
  const distance = ({ start }: Slot): number => Math.abs(start - wanted);
  return [...byStart.values()].sort((a, b) => distance(a) - distance(b) || a.start - b.start).slice(0, count);
}
