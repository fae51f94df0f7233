import type { Business } from '../business/entities/business.entity.js';
import type { Service } from '../catalog/entities/service.entity.js';
import type { WorkingHours } from './slots/slots.types.js';

/** Somebody who offers a service, with their own terms where these differ. */
export interface Offer {
  readonly resourceId: string;
  readonly name: string;
  readonly durationMinutes: number | null;
  readonly priceMinor: number | null;
}

/** A service and who offers it, by id. One that is no longer active can be moved but not booked. */
export interface OfferedService {
  readonly service: Readonly<Service>;
  readonly offers: readonly Offer[];
}

/** All that decides about slots besides time already taken; immutable, replaced when the catalogue's revision moves. */
export interface Salon {
  readonly revision: number;
  readonly business: Readonly<Business>;
  readonly services: ReadonlyMap<string, OfferedService>;
  readonly staffNames: ReadonlyMap<string, string>;
  readonly businessHours: WorkingHours;
  readonly staffHours: ReadonlyMap<string, WorkingHours>;
}
