import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { Database } from '../database/database.service.js';
import { Resource } from './entities/resource.entity.js';
import { ServiceResource } from './entities/service-resource.entity.js';
import { Service } from './entities/service.entity.js';

/** A service with the ids of those who offer it. */
export interface OfferedService {
  readonly id: string;
  readonly service: Service;
  readonly staffIds: readonly string[];
}

/** A staff member with what they offer. */
export interface OfferingStaff {
  readonly id: string;
  readonly staff: Resource;
  readonly offers: readonly ServiceResource[];
}

/** Whom a list is for: the public sees only what can be booked. */
export type Audience = 'staff' | 'public';

const BY_AGE = { createdAt: 'asc', id: 'asc' } as const;

/** What the salon sells and who does it, for reading. */
@Injectable()
export class CatalogService {
  constructor(private readonly database: Database) {}

  /** In the order they were made; reads one row more than the page shows. */
  async listServices(actor: Actor, query: PageQuery, audience: Audience): Promise<OfferedService[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em) => {
      const where = { $and: [visibleTo(audience), beyond('createdAt', cursor, 'asc')] };
      const services = await em.find(Service, where, { orderBy: BY_AGE, limit: pageSize(query) + 1 });
      return this.withStaff(em, services, audience);
    });
  }

  /** A deactivated service is not found by the public. */
  async getService(actor: Actor, id: string, audience: Audience): Promise<OfferedService> {
    return this.database.transact(actor, async (em) => {
      const service = await em.findOne(Service, { id, ...visibleTo(audience) });
      const [offered] = service ? await this.withStaff(em, [service], audience) : [];
      if (!offered) throw new NotFound();
      return offered;
    });
  }

  /** In the order they joined; reads one row more than the page shows. */
  async listStaff(actor: Actor, query: PageQuery, audience: Audience): Promise<OfferingStaff[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em) => {
      const where = {
        $and: [{ kind: 'staff' as const, ...visibleTo(audience) }, beyond('createdAt', cursor, 'asc')],
      };
      const staff = await em.find(Resource, where, { orderBy: BY_AGE, limit: pageSize(query) + 1 });
      return this.withOffers(em, staff, audience);
    });
  }

  async getStaff(actor: Actor, id: string): Promise<OfferingStaff> {
    return this.database.transact(actor, async (em) => {
      const staff = await this.requireStaff(em, id);
      const [offering] = await this.withOffers(em, [staff], 'staff');
      if (!offering) throw new NotFound();
      return offering;
    });
  }

  /** The staff member, active or not, as the running transaction sees them. */
  async requireStaff(em: EntityManager, id: string): Promise<Resource> {
    const staff = await em.findOne(Resource, { id, kind: 'staff' });
    if (!staff) throw new NotFound();
    return staff;
  }

  /** Ids of everyone who can be booked, sorted. */
  async activeStaffIds(em: EntityManager): Promise<string[]> {
    const staff = await em.find(Resource, { active: true }, { fields: ['id'], orderBy: { id: 'asc' } });
    return staff.map(({ id }) => id);
  }

  private async withStaff(
    em: EntityManager,
    services: readonly Service[],
    audience: Audience,
  ): Promise<OfferedService[]> {
    const offers = await em.find(
      ServiceResource,
      {
        serviceId: { $in: services.map(({ id }) => id) },
        ...(audience === 'public' ? { resourceId: { $in: await this.activeStaffIds(em) } } : {}),
      },
      { orderBy: { resourceId: 'asc' } },
    );
    const byService = Map.groupBy(offers, (offer) => offer.serviceId);
    return services.map((service) => ({
      id: service.id,
      service,
      staffIds: (byService.get(service.id) ?? []).map((offer) => offer.resourceId),
    }));
  }

  private async withOffers(
    em: EntityManager,
    staff: readonly Resource[],
    audience: Audience,
  ): Promise<OfferingStaff[]> {
    const offers = await em.find(
      ServiceResource,
      {
        resourceId: { $in: staff.map(({ id }) => id) },
        ...(audience === 'public' ? { serviceId: { $in: await this.activeServiceIds(em) } } : {}),
      },
      { orderBy: { serviceId: 'asc' } },
    );
    const byStaff = Map.groupBy(offers, (offer) => offer.resourceId);
    return staff.map((one) => ({ id: one.id, staff: one, offers: byStaff.get(one.id) ?? [] }));
  }

  private async activeServiceIds(em: EntityManager): Promise<string[]> {
    const services = await em.find(Service, { active: true }, { fields: ['id'] });
    return services.map(({ id }) => id);
  }
}

function visibleTo(audience: Audience): { active?: boolean } {
  return audience === 'public' ? { active: true } : {};
}
