/** How many effects of a lane run at once in a process, and, with Redis, how many begin in a second on all together. */
export interface LaneWidth {
  readonly most: number;
  readonly perSecond?: number;
}

/**
 * Effects that call the same provider share a lane, so that one that is silent holds up nobody else's. `urgent` has places of its own,
 * so that a morning's reminders do not fill them all.
 */
export const LANES = {
  usual: { most: 20 },
  urgent: { most: 8 },
  messages: { most: 14, perSecond: 400 },
  // Google lets one account do 600 a minute.
  calendar: { most: 6, perSecond: 10 },
  payments: { most: 6, perSecond: 25 },
} as const satisfies Record<string, LaneWidth>;

export type Lane = keyof typeof LANES;
export const LANE_NAMES = Object.keys(LANES) as Lane[];
