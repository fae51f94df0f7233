import { Temporal } from 'temporal-polyfill/implementation';

/** One UTC day of one zone: the offset before and after the only change it can hold. */
interface OffsetDay {
  readonly before: number;
  readonly changesAt: number;
  readonly after: number;
}

const DAY = 1440;
const MAX_ZONES = 64;
const MAX_DAYS_PER_ZONE = 4096;
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;
const zones = new Map<string, Map<number, OffsetDay>>();

/** True for an IANA zone name; plain offsets such as `+02:00` are refused, because they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    readOffset(0, name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Minutes east of UTC at an epoch minute. The date library is asked twice per zone and UTC day, the rest is table look-up;
 * whole minutes, which holds for every zone since 1972. Throws RangeError for an unknown zone.
 */
export function offsetMinutes(minute: number, zone: string): number {
  const day = Math.floor(minute / DAY);
  const table = zones.get(zone)?.get(day) ?? remember(day, zone);
  return minute < table.changesAt ? table.before : table.after;
}

function remember(day: number, zone: string): OffsetDay {
  const table = readDay(day, zone);
  let days = zones.get(zone);
  if (!days) {
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(zone, (days = new Map<number, OffsetDay>()));
  }
  if (days.size >= MAX_DAYS_PER_ZONE) days.clear();
  days.set(day, table);
  return table;
}

function readDay(day: number, zone: string): OffsetDay {
  const before = readOffset(day * DAY, zone);
  const after = readOffset((day + 1) * DAY - 1, zone);
  if (before === after) return { before, changesAt: Infinity, after };
  let unchanged = day * DAY;
  let changed = (day + 1) * DAY - 1;
  while (changed - unchanged > 1) {
    const middle = Math.floor((unchanged + changed) / 2);
    if (readOffset(middle, zone) === before) unchanged = middle;
    else changed = middle;
  }
  return { before, changesAt: changed, after };
}

function readOffset(minute: number, zone: string): number {
  const instant = Temporal.Instant.fromEpochMilliseconds(minute * 60_000);
  return Math.round(instant.toZonedDateTimeISO(zone).offsetNanoseconds / 60e9);
}
