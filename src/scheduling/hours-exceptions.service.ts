import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { dateOfCursor } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { localDateOf } from '../common/time/zoned-time.js';
import { BusinessService } from '../business/business.service.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { Database } from '../database/database.service.js';
import { HoursException } from './entities/hours-exception.entity.js';
import { refuse } from './hours.errors.js';
import { HoursService } from './hours.service.js';
import { mayManageTimeOf, type ExceptionalHours, type HoursOwner } from './hours.types.js';
import { dateViolations } from './week.js';

/** Which dates to list, both included; from today in the salon's zone when left out. */
export interface DateRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Single dates on which the salon or a person works other hours than usual. */
@Injectable()
export class HoursExceptionsService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly catalog: CatalogService,
    private readonly hours: HoursService,
  ) {}

  /** The salon's, by date; reads one row more than the page shows. */
  async listOfBusiness(actor: Actor, query: PageQuery & DateRange): Promise<HoursException[]> {
    return this.database.transact(actor, (em, now) => this.list(em, null, query, now));
  }

  /** One person's, for themselves and managers; otherwise as `listOfBusiness`. */
  async listOfStaff(
    actor: StaffActor,
    staffId: string,
    query: PageQuery & DateRange,
  ): Promise<HoursException[]> {
    mayManageTimeOf(actor, staffId);
    return this.database.transact(actor, async (em, now) => {
      const { id } = await this.catalog.requireStaff(em, staffId);
      return this.list(em, id, query, now);
    });
  }

  /** In place of what was said about the date before. */
  async set(
    actor: StaffActor,
    owner: HoursOwner,
    { date, intervals, reason }: ExceptionalHours,
  ): Promise<HoursException> {
    mayManageTimeOf(actor, owner);
    refuse(dateViolations(intervals));
    return this.database.transact(actor, async (em) => {
      const resourceId = await this.hours.claim(em, owner);
      const wanted = {
        intervals: intervals.map(({ from, to }) => ({ from, to })).sort((a, b) => (a.from < b.from ? -1 : 1)),
        reason: reason ?? null,
      };
      const known = await em.findOne(HoursException, { resourceId, date });
      const row = known
        ? Object.assign(known, wanted)
        : em.create(HoursException, { resourceId, date, ...wanted });
      await em.flush();
      await this.hours.record(em, actor, 'hours.exception-set', resourceId, { date });
      return row;
    });
  }

  /** The date has its usual hours again. */
  async remove(actor: StaffActor, owner: HoursOwner, date: string): Promise<void> {
    mayManageTimeOf(actor, owner);
    await this.database.transact(actor, async (em) => {
      const resourceId = await this.hours.claim(em, owner);
      if ((await em.nativeDelete(HoursException, { resourceId, date })) === 0) throw new NotFound();
      await this.hours.record(em, actor, 'hours.exception-removed', resourceId, { date });
    });
  }

  private async list(
    em: EntityManager,
    owner: HoursOwner,
    query: PageQuery & DateRange,
    now: Date,
  ): Promise<HoursException[]> {
    const cursor = readCursor(query);
    const from = query.from ?? localDateOf(now, (await this.business.get(em)).timeZone);
    const date = {
      $gte: from,
      ...(query.to ? { $lte: query.to } : {}),
      ...(cursor ? { $gt: dateOfCursor(cursor) } : {}),
    };
    return em.find(
      HoursException,
      { resourceId: owner, date },
      { orderBy: { date: 'asc' }, limit: pageSize(query) + 1 },
    );
  }
}
