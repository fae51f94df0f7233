import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { addDays, eachDate, type LocalDate } from '../common/time/local-date.js';
import { dayBounds, dayMinutes } from '../common/time/zoned-time.js';
import { run, runOne } from '../database/statement.js';
import { WorkingTimes } from '../scheduling/working-times.service.js';
import { OUTCOMES, PATTERNS, SERVICES, UTILIZATION } from './booking-reports.sql.js';
import type { FilteredAnalyticsQuery } from './dto/analytics.request.js';
import { SIDE_BY_SIDE } from './fragments.sql.js';
import { LEAD_HOURS } from './lead-hours.js';
import { ReportReader, scopeOf, type ReportRange } from './report-reader.service.js';
import {
  MOST_DAYS_OF_GAPS,
  type Outcomes,
  type PatternsReport,
  type SatisfactionReport,
  type ServiceRow,
  type ServicesReport,
  type UtilizationCell,
  type UtilizationReport,
} from './report.types.js';

type CellRange = Pick<ReportRange, 'from' | 'to' | 'timeZone'> & { readonly staffId?: string | null };

/** How visits ended, of a period or of a person. */
type OutcomesRow = Outcomes &
  (
    | { readonly period: LocalDate; readonly staffId: null }
    | { readonly period: null; readonly staffId: string; readonly name: string }
  );

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
      await run(em, SIDE_BY_SIDE);
      const patterns = await runOne<Omit<PatternsReport, 'range'>>(em, PATTERNS, values);
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
      const values = [...scopeOf(range), range.timeZone, range.granularity];
      await run(em, SIDE_BY_SIDE);
      const rows = await run<OutcomesRow>(em, OUTCOMES, values);
      return {
        range,
        periods: rows.flatMap((row) =>
          row.staffId === null ? [{ ...outcomesOf(row), period: row.period }] : [],
        ),
        staff: rows.flatMap((row) =>
          row.staffId === null ? [] : [{ ...outcomesOf(row), staffId: row.staffId, name: row.name }],
        ),
      };
    });
  }

  /** Booked against bookable minutes of each active person and day. */
  utilization(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<UtilizationReport> {
    return this.reader.read(actor, query, async (em, range) => ({
      range,
      cells: await this.cellsOf(em, range, range.days <= MOST_DAYS_OF_GAPS),
    }));
  }

  /** The same inside the running transaction. */
  async cellsOf(
    em: EntityManager,
    { from, to, timeZone, staffId }: CellRange,
    withGaps = false,
  ): Promise<UtilizationCell[]> {
    const { catalogRevision } = await this.business.get(em);
    const windows = await this.times.ofStaff(from, to, Number(catalogRevision));
    const days = eachDate(from, to).map((day) => ({ day, ...dayMinutes(day, timeZone) }));
    const ids = [...windows.keys()].filter((id) => !staffId || id === staffId);
    const listed = ids.flatMap((staff) =>
      (windows.get(staff) ?? []).map(({ date, start, end }) => ({ staffId: staff, day: date, start, end })),
    );
    const values = [JSON.stringify(listed), JSON.stringify(days), ids, withGaps];
    return run<UtilizationCell>(em, UTILIZATION, values);
  }
}

function outcomesOf({ completed, noShows, lateCancellations }: Outcomes): Outcomes {
  return { completed, noShows, lateCancellations };
}
