import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { addDays, eachDate } from '../common/time/local-date.js';
import { dayBounds, dayMinutes } from '../common/time/zoned-time.js';
import { run } from '../database/statement.js';
import { WorkingTimes } from '../scheduling/working-times.service.js';
import { OUTCOMES, OUTCOMES_OF_STAFF, PATTERNS, SERVICES, UTILIZATION } from './booking-reports.sql.js';
import type { FilteredAnalyticsQuery } from './dto/analytics.request.js';
import { LEAD_HOURS } from './lead-hours.js';
import { ReportReader, scopeOf, type ReportRange } from './report-reader.service.js';
import type {
  PatternsReport,
  SatisfactionReport,
  ServiceRow,
  ServicesReport,
  UtilizationCell,
  UtilizationReport,
} from './report.types.js';

/** Reports on bookings: when, what, how they ended, and how well time is used. Definitions: docs/analytics.md. */
@Injectable()
export class BookingReports {
  constructor(
    private readonly reader: ReportReader,
    private readonly business: BusinessService,
    private readonly times: WorkingTimes,
  ) {}

  /** When people come, how long before they book, and where. */
  patterns(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<PatternsReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const { timeZone, granularity } = range;
      const values = [...scopeOf(range), timeZone, granularity, LEAD_HOURS];
      const [patterns] = await run<Omit<PatternsReport, 'range'>>(em, PATTERNS, values);
      if (!patterns) throw new Error('a count without a row');
      return { range, ...patterns };
    });
  }

  /** How each service does, against as many days before. */
  services(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<ServicesReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const before = dayBounds(addDays(range.from, -range.days), range.timeZone).start;
      return { range, rows: await run<ServiceRow>(em, SERVICES, [...scopeOf(range), before]) };
    });
  }

  /** How visits ended. */
  satisfaction(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<SatisfactionReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const scope = scopeOf(range);
      return {
        range,
        periods: await run(em, OUTCOMES, [...scope, range.timeZone, range.granularity]),
        staff: await run(em, OUTCOMES_OF_STAFF, scope),
      };
    });
  }

  /** Booked against bookable minutes of each active person and day. */
  utilization(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<UtilizationReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const windows = await this.windowsOf(em, range);
      const days = eachDate(range.from, range.to).map((day) => ({ day, ...dayMinutes(day, range.timeZone) }));
      const ids = [...windows.keys()].filter((id) => range.staffId === null || id === range.staffId);
      const listed = ids.flatMap((staffId) =>
        (windows.get(staffId) ?? []).map(({ date, start, end }) => ({ staffId, day: date, start, end })),
      );
      const values = [JSON.stringify(listed), JSON.stringify(days), ids];
      return { range, cells: await run<UtilizationCell>(em, UTILIZATION, values) };
    });
  }

  private async windowsOf(em: EntityManager, { from, to }: ReportRange) {
    const { catalogRevision } = await this.business.get(em);
    return this.times.ofStaff(from, to, Number(catalogRevision));
  }
}
