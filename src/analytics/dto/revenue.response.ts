import { Out } from '../../common/fields/response.fields.js';
import { ratio, total } from '../ratio.js';
import type { RevenueReport, RevenueRow } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** Money that moved, in minor units. */
export class MoneyMovedResponse {
  @Out.int({ description: 'Payments that came' }) payments!: number;
  @Out.int({ description: 'What came' }) captured!: number;
  @Out.int({ description: 'What went back' }) refunded!: number;
  @Out.int({ description: 'What lost disputes took' }) lost!: number;
  @Out.int({ description: 'captured − refunded − lost; negative where more went than came' }) net!: number;
}

export class PeriodMoneyResponse extends MoneyMovedResponse {
  @Out.date({ description: 'The first day of the period' }) period!: string;
}

/** Payments through the provider that were begun in these days and that somebody tried to make. */
export class PaymentSuccessResponse {
  @Out.int() attempted!: number;
  @Out.int() succeeded!: number;
  @Out.number({ nullable: true }) rate!: number | null;
}

/** The last refusal of payments that were never made good. */
export class DeclineResponse {
  @Out.text({ description: 'As the provider names it', example: 'card_declined' }) code!: string;
  @Out.int() payments!: number;
}

/** What visits of these days that stand have still to bring. */
export class OutstandingResponse {
  @Out.int() bookings!: number;
  @Out.int({ description: 'In minor units' }) amount!: number;
}

/** What came in and what went out, by when it did. The provider's fees are not known here. */
export class RevenueResponse extends ReportResponse implements Tabular {
  @Out.object(() => MoneyMovedResponse) total!: MoneyMovedResponse;
  @Out.list(() => PeriodMoneyResponse) periods!: PeriodMoneyResponse[];
  @Out.object(() => PaymentSuccessResponse) success!: PaymentSuccessResponse;
  @Out.list(() => DeclineResponse) declines!: DeclineResponse[];
  @Out.object(() => OutstandingResponse) outstanding!: OutstandingResponse;

  static from({ range, periods, success, declines, outstanding }: RevenueReport): RevenueResponse {
    const all = {
      payments: total(periods, 'payments'),
      captured: total(periods, 'captured'),
      refunded: total(periods, 'refunded'),
      lost: total(periods, 'lost'),
    };
    const figures = {
      total: withNet(all),
      periods: periods.map(withNet),
      success: { ...success, rate: ratio(success.succeeded, success.attempted) },
      ...{ declines, outstanding },
    };
    return Object.assign(new RevenueResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.periods;
  }
}

function withNet<T extends Omit<RevenueRow, 'period'>>(row: T) {
  return { ...row, net: row.captured - row.refunded - row.lost };
}
