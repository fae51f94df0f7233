import { Out } from '../../common/fields/response.fields.js';
import { ratio, total } from '../ratio.js';
import type { Outcomes, SatisfactionReport } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** How visits ended. */
export class OutcomesResponse {
  @Out.int() completed!: number;
  @Out.int() noShows!: number;
  @Out.int({ description: 'Called off by customers after it was too late to do so for nothing' })
  lateCancellations!: number;
  @Out.number({ nullable: true, description: 'completed ÷ (completed + noShows + lateCancellations)' })
  completionRate!: number | null;
  @Out.number({ nullable: true, description: 'noShows ÷ (completed + noShows)' }) noShowRate!: number | null;
}

/** The counts with their rates. */
export function withRates<T extends Outcomes>(row: T) {
  const { completed, noShows, lateCancellations } = row;
  return {
    ...row,
    completionRate: ratio(completed, completed + noShows + lateCancellations),
    noShowRate: ratio(noShows, completed + noShows),
  };
}

export class PeriodOutcomesResponse extends OutcomesResponse {
  @Out.date({ description: 'The first day of the period' }) period!: string;
}

export class StaffOutcomesResponse extends OutcomesResponse {
  @Out.id() staffId!: string;
  @Out.text({ example: 'Grace Hopper' }) name!: string;
}

/** Whether visits come about, by when they begin. */
export class SatisfactionResponse extends ReportResponse implements Tabular {
  @Out.object(() => OutcomesResponse) total!: OutcomesResponse;
  @Out.list(() => PeriodOutcomesResponse) periods!: PeriodOutcomesResponse[];
  @Out.list(() => StaffOutcomesResponse) staff!: StaffOutcomesResponse[];

  static from({ range, periods, staff }: SatisfactionReport): SatisfactionResponse {
    const all = {
      completed: total(periods, 'completed'),
      noShows: total(periods, 'noShows'),
      lateCancellations: total(periods, 'lateCancellations'),
    };
    const figures = {
      total: withRates(all),
      periods: periods.map(withRates),
      staff: staff.map(withRates),
    };
    return Object.assign(new SatisfactionResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.periods;
  }
}
