import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../common/actor.js';
import { FieldRefused, NotFound, VersionMismatch } from '../common/domain-error.js';
import { chargeStep, type Money } from '../common/money.js';
import { AuditLog } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import { run } from '../database/statement.js';
import { DepositDoesNotFit, ServiceNameTaken, UnknownStaff, WrongCurrency } from './catalog.errors.js';
import { CatalogService, type OfferedService } from './catalog.service.js';
import { SERVICE_STAFF_SET, SERVICES_TOUCH, STAFF_TOUCH } from './catalog.sql.js';
import type { NewService, ServiceChange } from './catalog.types.js';
import { Resource } from './entities/resource.entity.js';
import { Service } from './entities/service.entity.js';

/** Changes of what the salon sells. They bind new bookings only; a service is deactivated, never deleted, because deals refer to it. */
@Injectable()
export class ServicesService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly catalog: CatalogService,
    private readonly audit: AuditLog,
  ) {}

  async create(actor: StaffActor, wanted: NewService): Promise<OfferedService> {
    return this.database.transact(actor, async (em, now) => {
      const { currency } = await this.business.lock(em);
      if (wanted.price.currency !== currency) throw new WrongCurrency(currency);
      refuseUnchargeable(wanted.price);
      const { name, durationMinutes, price } = wanted;
      const service = em.create(Service, {
        name,
        durationMinutes,
        priceMinor: price.amount,
        currency,
        createdAt: now,
      });
      service.change(wanted);
      await this.write(em, service, wanted.staffIds);
      await this.audit.record(em, actor, {
        action: 'service.created',
        subjectKind: 'service',
        subjectId: service.id,
      });
      return this.catalog.getService(actor, service.id, 'staff');
    });
  }

  /** The route demands `If-Match`, because a price overwritten unseen is money lost; what is not named stays. */
  async change(
    actor: StaffActor,
    id: string,
    change: ServiceChange,
    version: number | null,
  ): Promise<OfferedService> {
    return this.database.transact(actor, async (em) => {
      const { currency } = await this.business.lock(em);
      const service = await em.findOne(Service, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!service) throw new NotFound();
      if (version !== null && service.version !== version) throw new VersionMismatch();
      if (change.price && change.price.currency !== currency) throw new WrongCurrency(currency);
      if (change.price) refuseUnchargeable(change.price);
      service.change(change);
      await this.write(em, service, change.staffIds);
      const fields = Object.keys(change).sort().join(',');
      await this.audit.record(em, actor, {
        action: 'service.changed',
        subjectKind: 'service',
        subjectId: id,
        details: { fields },
      });
      return this.catalog.getService(actor, id, 'staff');
    });
  }

  private async write(
    em: EntityManager,
    service: Service,
    staffIds: readonly string[] | undefined,
  ): Promise<void> {
    if (!service.hasFittingDeposit()) throw new DepositDoesNotFit();
    try {
      await em.flush();
    } catch (error) {
      if (violates(error, 'service_name_unique')) throw new ServiceNameTaken();
      throw error;
    }
    if (staffIds) await this.setStaff(em, service, staffIds);
  }

  /** Those who stay keep their own duration and price. */
  private async setStaff(em: EntityManager, service: Service, staffIds: readonly string[]): Promise<void> {
    const ids = staffIds.map((id) => id.toLowerCase());
    const known = new Set(
      (await em.find(Resource, { id: { $in: ids }, kind: 'staff' })).map((staff) => staff.id),
    );
    const unknown = ids.findIndex((id) => !known.has(id));
    if (unknown >= 0) throw new UnknownStaff(unknown);
    const moved = await run<{ id: string }>(em, SERVICE_STAFF_SET, [service.id, [...known]]);
    if (moved.length === 0) return;
    await run(em, STAFF_TOUCH, [moved.map((row) => row.id)]);
    await run(em, SERVICES_TOUCH, [[service.id]]);
    await em.refresh(service);
  }
}

/** A price that no card can pay would leave its bookings unpaid for ever. */
function refuseUnchargeable({ amount, currency }: Money): void {
  const step = chargeStep(currency);
  if (amount % step !== 0)
    throw new FieldRefused(
      '/price/amount',
      'step',
      `must be a multiple of ${step}: no other amount of ${currency} can be charged`,
    );
}
