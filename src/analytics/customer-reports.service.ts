import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { run } from '../database/statement.js';
import { COHORTS, CUSTOMERS, LIFETIME_VALUE, REBOOKED } from './customer-reports.sql.js';
import type { AnalyticsQuery, CustomersAnalyticsQuery } from './dto/analytics.request.js';
import { ReportReader, scopeOf } from './report-reader.service.js';
import type { CohortRow, CustomersReport, RetentionReport } from './report.types.js';

const USUAL_CUSTOMERS = 100;

/** Reports on customers: what they spend, and whether they come again. Definitions: docs/analytics.md. */
@Injectable()
export class CustomerReports {
  constructor(private readonly reader: ReportReader) {}

  /** Who spends what. */
  customers(actor: StaffActor, query: CustomersAnalyticsQuery): Promise<CustomersReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const [lifetime] = await run<CustomersReport['lifetime']>(em, LIFETIME_VALUE, [range.until]);
      const values = [...scopeOf(range), query.limit ?? USUAL_CUSTOMERS];
      const [ranked] = await run<Pick<CustomersReport, 'best' | 'deciles'>>(em, CUSTOMERS, values);
      if (!ranked) throw new Error('a count without a row');
      return {
        range,
        ...ranked,
        lifetime: lifetime ?? { customers: 0, net: 0 },
      };
    });
  }

  /** Whether those whose first visit was in these days came again. */
  retention(actor: StaffActor, query: AnalyticsQuery): Promise<RetentionReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const { since, until, timeZone, now } = range;
      const [checkout] = await run<RetentionReport['checkout']>(em, REBOOKED, [since, until]);
      return {
        range,
        cohorts: await run<CohortRow>(em, COHORTS, [since, until, timeZone, now]),
        checkout: checkout ?? { visits: 0, rebooked: 0 },
      };
    });
  }
}
