import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, StaffActor } from '../common/actor.js';
import { AuditLog } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { Database } from '../database/database.service.js';
import { WeeklyHours } from './entities/weekly-hours.entity.js';
import { refuse } from './hours.errors.js';
import { mayManageTimeOf, type HoursOwner } from './hours.types.js';
import { lockResourcesExclusively } from './resource-locks.js';
import { weekViolations, wholeWeek, type DayHours } from './week.js';

/** When the salon is open and when people work, week by week. */
@Injectable()
export class HoursService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly catalog: CatalogService,
    private readonly audit: AuditLog,
  ) {}

  /** The salon's week, Monday to Sunday. */
  async getBusinessWeek(actor: Actor): Promise<DayHours[]> {
    return this.database.transact(actor, (em) => this.read(em, null));
  }

  /** A staff member's own week; empty when they work the salon's hours. */
  async getStaffWeek(actor: StaffActor, staffId: string): Promise<DayHours[]> {
    mayManageTimeOf(actor, staffId);
    return this.database.transact(actor, async (em) => {
      const { id } = await this.catalog.requireStaff(em, staffId);
      return this.ownWeek(em, id);
    });
  }

  /** The whole week in place of the one before; days left out are closed, and a person's empty week means the salon's. */
  async setWeek(actor: StaffActor, owner: HoursOwner, week: readonly DayHours[]): Promise<DayHours[]> {
    mayManageTimeOf(actor, owner);
    refuse(weekViolations(week));
    return this.database.transact(actor, async (em) => {
      const resourceId = await this.claim(em, owner);
      await em.nativeDelete(WeeklyHours, { resourceId });
      for (const { weekday, intervals } of week) {
        for (const { from, to } of intervals)
          em.create(WeeklyHours, { resourceId, weekday, opensAt: from, closesAt: to });
      }
      await em.flush();
      await this.record(em, actor, 'hours.week-changed', resourceId, {});
      return resourceId === null ? this.read(em, null) : this.ownWeek(em, resourceId);
    });
  }

  /**
   * Makes the caller the only one who changes the owner's time or books it until the transaction ends; answers the owner's id as it
   * is kept. The salon's hours bind everybody, so they take everybody's locks.
   */
  async claim(em: EntityManager, owner: HoursOwner): Promise<HoursOwner> {
    if (owner !== null) return this.claimStaff(em, owner);
    const business = await this.business.lock(em);
    await lockResourcesExclusively(em, [business.id, ...(await this.catalog.activeStaffIds(em))]);
    return null;
  }

  /** `claim` for one person's time. */
  async claimStaff(em: EntityManager, staffId: string): Promise<string> {
    await this.business.lock(em);
    const { id } = await this.catalog.requireStaff(em, staffId);
    await lockResourcesExclusively(em, [id]);
    return id;
  }

  /** Says in the audit log whose hours changed. */
  async record(
    em: EntityManager,
    actor: StaffActor,
    action: string,
    owner: HoursOwner,
    details: Record<string, string>,
  ): Promise<void> {
    const subject =
      owner === null ? { subjectKind: 'business' } : { subjectKind: 'resource', subjectId: owner };
    await this.audit.record(em, actor, { action, ...subject, details });
  }

  private async ownWeek(em: EntityManager, resourceId: string): Promise<DayHours[]> {
    const week = await this.read(em, resourceId);
    return week.some((day) => day.intervals.length > 0) ? week : [];
  }

  private async read(em: EntityManager, resourceId: HoursOwner): Promise<DayHours[]> {
    return wholeWeek(await em.find(WeeklyHours, { resourceId }));
  }
}
