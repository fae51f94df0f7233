import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { FieldRefused } from '../common/domain-error.js';
import { addDays, daysBetween, type LocalDate } from '../common/time/local-date.js';
import { dayBounds, localDateOf } from '../common/time/zoned-time.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import type { FilteredAnalyticsQuery, Granularity } from './dto/analytics.request.js';
import { FOR_REPORTS } from './fragments.sql.js';

const MOST_DAYS = 732;
const USUAL_DAYS = 30;

/** What a report is about: local days, both included, as instants as well, the second excluded. */
export interface ReportRange {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly since: Date;
  readonly until: Date;
  readonly days: number;
  readonly timeZone: string;
  readonly currency: string;
  readonly granularity: Granularity;
  readonly staffId: string | null;
  readonly serviceId: string | null;
  /** App time: up to when there can be anything to tell. */
  readonly now: Date;
}

/** Settles what a report is about and reads it in one transaction. */
@Injectable()
export class ReportReader {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
  ) {}

  /** Throws FieldRefused for days that lie the wrong way round or span too many. */
  read<T>(
    actor: StaffActor,
    query: FilteredAnalyticsQuery,
    work: (em: EntityManager, range: ReportRange) => Promise<T>,
  ): Promise<T> {
    return this.database.transact(actor, async (em, now) => {
      await run(em, FOR_REPORTS);
      const { timeZone, currency } = await this.business.get(em);
      const to = query.to ?? localDateOf(now, timeZone);
      const from = query.from ?? addDays(to, 1 - USUAL_DAYS);
      const days = daysBetween(from, to) + 1;
      if (days < 1) throw new FieldRefused('/to', 'range', 'must not lie before from');
      if (days > MOST_DAYS) throw new FieldRefused('/to', 'range', `at most ${MOST_DAYS} days at a time`);
      return work(em, {
        ...{ from, to, days, timeZone, currency, now },
        since: dayBounds(from, timeZone).start,
        until: dayBounds(to, timeZone).end,
        granularity: query.granularity ?? 'day',
        staffId: query.staffId ?? null,
        serviceId: query.serviceId ?? null,
      });
    });
  }
}

/** The first four parameters of most reports: since, until, staff, service. */
export function scopeOf({ since, until, staffId, serviceId }: ReportRange): unknown[] {
  return [since, until, staffId, serviceId];
}
