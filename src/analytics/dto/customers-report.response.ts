import { Out } from '../../common/fields/response.fields.js';
import { average, total } from '../ratio.js';
import type { CustomerRow, CustomersReport, DecileRow } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** What one customer brought. */
export class CustomerReportResponse {
  @Out.id() customerId!: string;
  @Out.text({ example: 'Ada Lovelace' }) name!: string;
  @Out.int({ description: 'Completed visits of these days' }) visits!: number;
  @Out.int({ description: 'Bookings that money came for' }) orders!: number;
  @Out.int({ description: 'Captured − refunded − lost in disputes, in minor units; by when the money moved' })
  netRevenue!: number;
  @Out.int({ nullable: true, description: 'What came, a booking' }) averageOrderValue!: number | null;
  @Out.int({ description: '1: among the tenth of the customers who brought most' }) decile!: number;

  static of({ net, captured, ...row }: CustomerRow): CustomerReportResponse {
    const averageOrderValue = average(captured, row.orders);
    return Object.assign(new CustomerReportResponse(), { ...row, netRevenue: net, averageOrderValue });
  }
}

/** A tenth of the customers, by what they brought. */
export class DecileResponse {
  @Out.int({ description: '1 brought most' }) decile!: number;
  @Out.int() customers!: number;
  @Out.int({ description: 'Of all of them, in minor units' }) netRevenue!: number;

  static of({ decile, customers, net }: DecileRow): DecileResponse {
    return Object.assign(new DecileResponse(), { decile, customers, netRevenue: net });
  }
}

/** Who spends what: customers who came or paid in these days. */
export class CustomersReportResponse extends ReportResponse implements Tabular {
  @Out.int() customers!: number;
  @Out.int({ description: 'In minor units' }) netRevenue!: number;
  @Out.int({ nullable: true, description: 'A customer, in minor units' }) averageRevenue!: number | null;
  @Out.int({ nullable: true, description: 'What came, a booking, in minor units' }) averageOrderValue!:
    | number
    | null;
  @Out.int({ nullable: true, description: 'What a customer who ever came has brought until the last day' })
  lifetimeValue!: number | null;
  @Out.list(() => DecileResponse) deciles!: DecileResponse[];
  @Out.list(() => CustomerReportResponse, { description: 'Those who brought most' })
  best!: CustomerReportResponse[];

  static from({ range, best, deciles, lifetime }: CustomersReport): CustomersReportResponse {
    const [customers, netRevenue] = [total(deciles, 'customers'), total(deciles, 'net')];
    const figures = {
      ...{ customers, netRevenue },
      averageRevenue: average(netRevenue, customers),
      averageOrderValue: average(total(deciles, 'captured'), total(deciles, 'orders')),
      lifetimeValue: average(lifetime.net, lifetime.customers),
      deciles: deciles.map(DecileResponse.of),
      best: best.map(CustomerReportResponse.of),
    };
    return Object.assign(new CustomersReportResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.best;
  }
}
