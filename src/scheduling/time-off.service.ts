import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { wholeMinuteOf } from '../common/time/zoned-time.js';
import { BusinessService } from '../business/business.service.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { TimeOff } from './entities/time-off.entity.js';
import { EndsBeforeItStarts, NotAWholeMinute, TimeOffTooLong } from './hours.errors.js';
import { HoursService } from './hours.service.js';
import { mayManageTimeOf } from './hours.types.js';
import { BOOKINGS_DURING } from './time-off.sql.js';

const LONGEST_MS = 366 * 86_400_000;

/** When somebody wants to be away, `[start, end)`. */
export interface Absence {
  readonly start: Date;
  readonly end: Date;
  readonly reason?: string | null | undefined;
}

/** Rows with the zone their times are said in. */
export interface InZone<T> {
  readonly value: T;
  readonly zone: string;
}

/** Time off as it was written down, with the bookings that stand in it (at most 100 are named). */
export interface GrantedTimeOff {
  readonly timeOff: TimeOff;
  readonly overlapsBookings: readonly string[];
}

/** When people are away. It may lie over bookings that stand: those are named, and people sort them out. */
@Injectable()
export class TimeOffService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly catalog: CatalogService,
    private readonly hours: HoursService,
  ) {}

  /** What is not over by `from` (now when left out), earliest start first; reads one row more than the page shows. */
  async list(
    actor: StaffActor,
    staffId: string,
    query: PageQuery & { from?: Date | undefined },
  ): Promise<InZone<TimeOff[]>> {
    mayManageTimeOf(actor, staffId);
    const cursor = readCursor(query);
    return this.database.transact(actor, async (em, now) => {
      const { id } = await this.catalog.requireStaff(em, staffId);
      const where = {
        $and: [{ resourceId: id, endsAt: { $gt: query.from ?? now } }, beyond('startsAt', cursor, 'asc')],
      };
      const value = await em.find(TimeOff, where, {
        orderBy: { startsAt: 'asc', id: 'asc' },
        limit: pageSize(query) + 1,
      });
      return { value, zone: (await this.business.get(em)).timeZone };
    });
  }

  async add(actor: StaffActor, staffId: string, absence: Absence): Promise<InZone<GrantedTimeOff>> {
    mayManageTimeOf(actor, staffId);
    refuseUnfit(absence);
    return this.database.transact(actor, async (em, now) => {
      const resourceId = await this.hours.claimStaff(em, staffId);
      const { start, end, reason } = absence;
      const timeOff = em.create(TimeOff, {
        resourceId,
        startsAt: start,
        endsAt: end,
        reason: reason ?? null,
        createdAt: now,
      });
      await em.flush();
      const standing = await run<{ id: string }>(em, BOOKINGS_DURING, [resourceId, start, end]);
      await this.hours.record(em, actor, 'time-off.added', resourceId, { timeOffId: timeOff.id });
      const zone = (await this.business.get(em)).timeZone;
      return { value: { timeOff, overlapsBookings: [...new Set(standing.map((row) => row.id))] }, zone };
    });
  }

  async remove(actor: StaffActor, staffId: string, id: string): Promise<void> {
    mayManageTimeOf(actor, staffId);
    await this.database.transact(actor, async (em) => {
      const resourceId = await this.hours.claimStaff(em, staffId);
      if ((await em.nativeDelete(TimeOff, { id, resourceId })) === 0) throw new NotFound();
      await this.hours.record(em, actor, 'time-off.removed', resourceId, { timeOffId: id });
    });
  }
}

function refuseUnfit({ start, end }: Absence): void {
  if (wholeMinuteOf(start) === null) throw new NotAWholeMinute('/start');
  if (wholeMinuteOf(end) === null) throw new NotAWholeMinute('/end');
  if (end <= start) throw new EndsBeforeItStarts();
  if (end.getTime() - start.getTime() > LONGEST_MS) throw new TimeOffTooLong();
}
