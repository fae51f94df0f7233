/** How long one booking can take of somebody at most, buffers included: the constraint `allocation_at_most_a_day`. */
export const LONGEST_ALLOCATION_MINUTES = 1_440;

/**
 * Whether an allocation overlaps the minutes between `from` and `to`, both expressions. What overlaps cannot end later than a whole
 * allocation after `to`; that says nothing new, but bounds the search on both sides, so that a plan made for whatever may come
 * expects few rows and reads nobody's whole history.
 */
export const overlapsAllocation = (allocation: string, from: string, to: string): string =>
  `${allocation}.end_minute > ${from} and ${allocation}.end_minute <= ${to} + ${LONGEST_ALLOCATION_MINUTES} and ${allocation}.start_minute < ${to}`;
