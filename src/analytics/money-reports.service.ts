import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { run } from '../database/statement.js';
import type { FilteredAnalyticsQuery } from './dto/analytics.request.js';
import { DECLINES, OUTSTANDING, PAYMENT_SUCCESS, REVENUE } from './money-reports.sql.js';
import { ReportReader, scopeOf } from './report-reader.service.js';
import type { RevenueReport } from './report.types.js';

/** Reports on money. Definitions: docs/analytics.md. */
@Injectable()
export class MoneyReports {
  constructor(private readonly reader: ReportReader) {}

  /** What came in, what went out, and whether payments succeed. */
  revenue(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<RevenueReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const scope = scopeOf(range);
      const [success] = await run<RevenueReport['success']>(em, PAYMENT_SUCCESS, scope);
      const [outstanding] = await run<RevenueReport['outstanding']>(em, OUTSTANDING, scope);
      return {
        range,
        periods: await run(em, REVENUE, [...scope, range.timeZone, range.granularity]),
        success: success ?? { attempted: 0, succeeded: 0 },
        declines: await run(em, DECLINES, scope),
        outstanding: outstanding ?? { bookings: 0, amount: 0 },
      };
    });
  }
}
