/** A row of the busy statement: what one resource is taken by, as flat pairs of epoch minutes. */
export interface Busy {
  id: string;
  revision: number;
  /** The sandbox's offset and real time, in ms: together app time. */
  offset_ms: number;
  real_ms: number;
  booked: number[];
  off: number[];
  /** Some expired hold still occupies part of the range in the constraint's eyes. */
  expired: boolean;
}
