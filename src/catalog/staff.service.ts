import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../common/actor.js';
import { NotFound, VersionMismatch } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { ServiceRepeats, UnknownService } from './catalog.errors.js';
import { CatalogService, type OfferingStaff } from './catalog.service.js';
import { SERVICES_TOUCH, STAFF_SERVICES_SET, STAFF_TOUCH } from './catalog.sql.js';
import type { Offer, StaffChange } from './catalog.types.js';
import { Resource } from './entities/resource.entity.js';
import { Service } from './entities/service.entity.js';

/** Changes of who works here. Whoever leaves is deactivated, never deleted: bookings refer to them, and new ones pass them by. */
@Injectable()
export class StaffService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly catalog: CatalogService,
    private readonly audit: AuditLog,
  ) {}

  async create(actor: StaffActor, wanted: StaffChange & { name: string }): Promise<OfferingStaff> {
    return this.database.transact(actor, async (em, now) => {
      await this.business.lock(em);
      const { name, email, phone, active } = wanted;
      const staff = em.create(Resource, {
        name,
        email: email ?? null,
        phone: phone ?? null,
        active: active ?? true,
        createdAt: now,
      });
      await em.flush();
      await this.audit.record(em, actor, {
        action: 'staff.created',
        subjectKind: 'resource',
        subjectId: staff.id,
      });
      return this.catalog.getStaff(actor, staff.id);
    });
  }

  /** What is not named stays; `version` is the one that was read, if any. */
  async change(
    actor: StaffActor,
    id: string,
    change: StaffChange,
    version: number | null,
  ): Promise<OfferingStaff> {
    return this.database.transact(actor, async (em) => {
      const staff = await this.lock(em, id, version);
      staff.change(change);
      await em.flush();
      const fields = Object.keys(change).sort().join(',');
      await this.audit.record(em, actor, {
        action: 'staff.changed',
        subjectKind: 'resource',
        subjectId: id,
        details: { fields },
      });
      return this.catalog.getStaff(actor, id);
    });
  }

  /** The whole list of what the person offers, in place of the one before. */
  async offer(
    actor: StaffActor,
    id: string,
    offers: readonly Offer[],
    version: number | null,
  ): Promise<OfferingStaff> {
    return this.database.transact(actor, async (em) => {
      const staff = await this.lock(em, id, version);
      const ids = await this.knownServices(em, offers);
      const touched = await run<{ id: string }>(em, STAFF_SERVICES_SET, [
        id,
        ids,
        offers.map((offer) => offer.durationMinutes ?? null),
        offers.map((offer) => offer.priceAmount ?? null),
      ]);
      if (touched.length > 0) {
        await run(em, SERVICES_TOUCH, [touched.map((row) => row.id)]);
        await run(em, STAFF_TOUCH, [[id]]);
        await em.refresh(staff);
      }
      await this.audit.record(em, actor, {
        action: 'staff.services-changed',
        subjectKind: 'resource',
        subjectId: id,
        details: { services: ids.length },
      });
      return this.catalog.getStaff(actor, id);
    });
  }

  private async lock(em: EntityManager, id: string, version: number | null): Promise<Resource> {
    await this.business.lock(em);
    const staff = await em.findOne(Resource, { id, kind: 'staff' }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!staff) throw new NotFound();
    if (version !== null && staff.version !== version) throw new VersionMismatch();
    return staff;
  }

  private async knownServices(em: EntityManager, offers: readonly Offer[]): Promise<string[]> {
    const ids = offers.map((offer) => offer.serviceId.toLowerCase());
    const repeated = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (repeated >= 0) throw new ServiceRepeats(repeated);
    const known = new Set((await em.find(Service, { id: { $in: ids } })).map((service) => service.id));
    const unknown = ids.findIndex((id) => !known.has(id));
    if (unknown >= 0) throw new UnknownService(unknown);
    return ids;
  }
}
