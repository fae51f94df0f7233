import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { runOne } from '../database/statement.js';
import { CUSTOMERS } from './customer-reports.sql.js';
import type { AnalyticsQuery, CustomersAnalyticsQuery } from './dto/analytics.request.js';
import { total } from './ratio.js';
import { ReportDays } from './report-days.service.js';
import { ReportReader, scopeOf } from './report-reader.service.js';
import type { CustomersReport, RetentionReport } from './report.types.js';

const USUAL_CUSTOMERS = 100;

/** Reports on customers: what they spend, and whether they come again. Definitions: docs/analytics.md. */
@Injectable()
export class CustomerReports {
  constructor(
    private readonly reader: ReportReader,
    private readonly days: ReportDays,
  ) {}

  /** Who spends what. */
  customers(actor: StaffActor, query: CustomersAnalyticsQuery): Promise<CustomersReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const values = [...scopeOf(range), query.limit ?? USUAL_CUSTOMERS];
      const customers = await runOne<Omit<CustomersReport, 'range'>>(em, CUSTOMERS, values);
      return { range, ...customers };
    });
  }

  /** Whether those whose first visit was in these days came again. */
  retention(actor: StaffActor, query: AnalyticsQuery): Promise<RetentionReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const months = await this.days.cohorts(em, range);
      const checkout = { visits: total(months, 'completed'), rebooked: total(months, 'rebooked') };
      return { range, cohorts: months.filter(({ customers }) => customers > 0), checkout };
    });
  }
}
