import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { run } from '../database/statement.js';
import type { FilteredAnalyticsQuery } from './dto/analytics.request.js';
import { SIDE_BY_SIDE } from './fragments.sql.js';
import { ATTEMPTS, OUTSTANDING, REVENUE } from './money-reports.sql.js';
import { total } from './ratio.js';
import { ReportReader, scopeOf } from './report-reader.service.js';
import type { RevenueReport } from './report.types.js';

/** Payments that somebody tried to make; `code`: the refusal they ended with. */
interface Attempts {
  readonly code: string | null;
  readonly attempted: number;
  readonly succeeded: number;
}

/** Reports on money. Definitions: docs/analytics.md. */
@Injectable()
export class MoneyReports {
  constructor(private readonly reader: ReportReader) {}

  /** What came in, what went out, and whether payments succeed. */
  revenue(actor: StaffActor, query: FilteredAnalyticsQuery): Promise<RevenueReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const scope = scopeOf(range);
      await run(em, SIDE_BY_SIDE);
      const attempts = await run<Attempts>(em, ATTEMPTS, scope);
      const [outstanding] = await run<RevenueReport['outstanding']>(em, OUTSTANDING, scope);
      return {
        range,
        periods: await run(em, REVENUE, [...scope, range.timeZone, range.granularity]),
        success: { attempted: total(attempts, 'attempted'), succeeded: total(attempts, 'succeeded') },
        declines: attempts.flatMap(({ code, attempted }) => (code ? [{ code, payments: attempted }] : [])),
        outstanding: outstanding ?? { bookings: 0, amount: 0 },
      };
    });
  }
}
