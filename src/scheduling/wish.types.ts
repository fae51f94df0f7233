import type { OfferedService, Salon } from './salon.types.js';
import type { StaffFit, StartRefusal } from './slots/slots.types.js';

/** A start somebody wants. */
export interface Wish {
  serviceId: string;
  /** Null for anybody who offers the service. */
  staffId: string | null;
  start: Date;
  /** Anybody will do when that person does not offer the service any more. */
  orAnybody: boolean;
  /** Staff are warned where customers are refused; time already taken binds everybody. */
  asStaff: boolean;
}

/** Who could take a wished start, best first, under locks that keep it so until the transaction ends. */
export interface Claimable {
  salon: Salon;
  offered: OfferedService;
  fits: readonly StaffFit[];
  /** Expired holds still stand in the way and must be freed before claiming. */
  blockedByExpired: boolean;
}

/** The slot engine said no; becomes a refusal with alternatives once the transaction is over. */
export class StartRefused extends Error {
  constructor(readonly reason: StartRefusal) {
    super(reason);
  }
}

/** The catalogue changed between planning and locking; the command begins again with the fresh one. */
export class CatalogMoved extends Error {
  constructor(readonly revision: number) {
    super('the catalogue moved');
  }
}

export type { StaffFit };
