import { Out } from '../../common/fields/response.fields.js';
import { ratio, total } from '../ratio.js';
import type { CohortRow, RetentionReport } from '../report.types.js';
import { RETURN_DAYS } from '../return-days.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** Of those whose first visit is at least so many days ago, how many came again within them. */
export class ReturnResponse {
  @Out.int({ example: 30 }) withinDays!: number;
  @Out.int({ description: 'Whose first visit was at least so many days ago' }) eligible!: number;
  @Out.int({ description: 'Of those' }) returned!: number;
  @Out.number({ nullable: true }) rate!: number | null;
}

/** Customers whose first completed visit was in one month. */
export class CohortResponse {
  @Out.text({ description: 'The month', example: '2030-03' }) cohort!: string;
  @Out.int() customers!: number;
  @Out.list(() => ReturnResponse) returns!: ReturnResponse[];
}

/** Whether customers come again: those whose first completed visit was in these days. */
export class RetentionReportResponse extends ReportResponse implements Tabular {
  @Out.int() customers!: number;
  @Out.list(() => ReturnResponse, { description: 'The repeat booking rate, for each span' })
  returns!: ReturnResponse[];
  @Out.list(() => CohortResponse) cohorts!: CohortResponse[];
  @Out.number({
    nullable: true,
    description: 'Completed visits after which the next one was booked, from their start to two hours after',
  })
  rebookedAtCheckoutRate!: number | null;

  static from({ range, cohorts, checkout }: RetentionReport): RetentionReportResponse {
    const figures = {
      customers: total(cohorts, 'customers'),
      returns: returnsOf(cohorts),
      cohorts: cohorts.map((row) => ({
        cohort: row.cohort,
        customers: row.customers,
        returns: returnsOf([row]),
      })),
      rebookedAtCheckoutRate: ratio(checkout.rebooked, checkout.visits),
    };
    return Object.assign(new RetentionReportResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.cohorts.flatMap(({ returns, ...cohort }) => returns.map((row) => ({ ...cohort, ...row })));
  }
}

function returnsOf(rows: readonly CohortRow[]): ReturnResponse[] {
  return RETURN_DAYS.map((withinDays) => {
    const eligible = total(rows, `eligible${withinDays}`);
    const returned = total(rows, `returned${withinDays}`);
    return { withinDays, eligible, returned, rate: ratio(returned, eligible) };
  });
}
