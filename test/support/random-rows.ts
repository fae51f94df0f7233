export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;
/** A salon's life in New York, over both changes of clocks. */
export const YEAR = {
  begins: Date.parse('2029-02-01T05:00:00Z'),
  now: Date.parse('2030-03-12T16:00:00Z'),
  ends: Date.parse('2030-04-10T04:00:00Z'),
};

/** A row of a table, by its columns. */
export type Row = Record<string, unknown>;

export const iso = (at: number): string => new Date(at).toISOString();
