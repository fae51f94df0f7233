import type { EntityManager } from '@mikro-orm/postgresql';
import { Business } from '../business/entities/business.entity.js';
import { Resource } from '../catalog/entities/resource.entity.js';
import { ServiceResource } from '../catalog/entities/service-resource.entity.js';
import { Service } from '../catalog/entities/service.entity.js';
import { HoursException } from './entities/hours-exception.entity.js';
import { WeeklyHours } from './entities/weekly-hours.entity.js';
import type { Offer, Salon } from './salon.types.js';
import type { HoursInterval, WorkingHours } from './slots/slots.types.js';

const NO_HOURS: WorkingHours = { weekly: null, exceptions: {} };

/** Working hours of a person; one without any of their own works the salon's. */
export function hoursOf(salon: Salon, resourceId: string): WorkingHours {
  return salon.staffHours.get(resourceId) ?? NO_HOURS;
}

/** Reads the whole catalogue; a salon has tens of services and people, so it fits in memory many times over. */
export async function loadSalon(em: EntityManager): Promise<Salon> {
  const business = await em.findOneOrFail(Business, { singleton: true });
  const services = await em.find(Service, {});
  const resources = await em.find(Resource, { active: true });
  const links = await em.find(ServiceResource, {}, { orderBy: { resourceId: 'asc' } });
  const weekly = await em.find(WeeklyHours, {}, { orderBy: { weekday: 'asc', opensAt: 'asc' } });
  const exceptions = await em.find(HoursException, {});
  const staffNames = new Map(resources.map((resource) => [resource.id, resource.name]));
  const hours = new Map([null, ...staffNames.keys()].map((id) => [id, hoursFrom(id, weekly, exceptions)]));
  return {
    revision: Number(business.catalogRevision),
    business,
    services: new Map(
      services.map((service) => [service.id, { service, offers: offersOf(service, links, staffNames) }]),
    ),
    staffNames,
    businessHours: hours.get(null) ?? NO_HOURS,
    staffHours: new Map([...hours].filter((entry): entry is [string, WorkingHours] => entry[0] !== null)),
  };
}

function offersOf(
  service: Service,
  links: readonly ServiceResource[],
  names: ReadonlyMap<string, string>,
): Offer[] {
  return links.flatMap((link) => {
    const name = names.get(link.resourceId);
    if (link.serviceId !== service.id || name === undefined) return [];
    return [
      {
        resourceId: link.resourceId,
        name,
        durationMinutes: link.durationMinutes ?? null,
        priceMinor: link.priceMinor ?? null,
      },
    ];
  });
}

function hoursFrom(
  resourceId: string | null,
  weekly: readonly WeeklyHours[],
  exceptions: readonly HoursException[],
): WorkingHours {
  const own = weekly.filter((row) => (row.resourceId ?? null) === resourceId);
  const days: Record<number, HoursInterval[]> = {};
  for (const row of own) (days[row.weekday] ??= []).push({ from: row.opensAt, to: row.closesAt });
  const dates = exceptions
    .filter((row) => (row.resourceId ?? null) === resourceId)
    .map((row) => [String(row.date), row.intervals] as const);
  return {
    weekly: own.length > 0 || resourceId === null ? days : null,
    exceptions: Object.fromEntries(dates),
  };
}
