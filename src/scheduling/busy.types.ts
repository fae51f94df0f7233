/** A row of the busy statement: what one resource is taken by, in epoch minutes; null where nothing is. */
export interface Busy {
  id: string;
  revision: number;
  /** The sandbox's offset and real time, in ms: together app time. */
  offset_ms: number;
  real_ms: number;
  booked_starts: number[] | null;
  booked_ends: number[] | null;
  off_starts: number[] | null;
  off_ends: number[] | null;
  /** When the stalest of the calendars outside was read, real time in ms; null where there is none, 0 where one never was. */
  synced_ms: number | null;
  /** Some expired hold still occupies part of the range in the constraint's eyes. */
  expired: boolean;
}

/** Starts and ends as the flat pairs that slot search takes, appended to `pairs`. */
export function pushPairs(
  pairs: number[],
  starts: readonly number[] | null,
  ends: readonly number[] | null,
): void {
  if (!starts || !ends) return;
  for (let index = 0; index < starts.length; index += 1) pairs.push(starts[index] ?? 0, ends[index] ?? 0);
}
