import { Out } from '../../common/fields/response.fields.js';
import { ratio, total } from '../ratio.js';
import type { ServiceRow, ServicesReport } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** How one service does. Visits that stand count as bookings: confirmed, completed, missed. */
export class ServiceReportResponse {
  @Out.id() serviceId!: string;
  @Out.text({ example: 'Haircut' }) name!: string;
  @Out.int() bookings!: number;
  @Out.number({ nullable: true, description: 'Of all bookings, 0 to 1' }) share!: number | null;
  @Out.int({ description: 'What these visits last, without buffers' }) minutes!: number;
  @Out.int({ description: 'Captured − refunded − lost in disputes, in minor units; by when the money moved' })
  revenue!: number;
  @Out.int({ description: 'By whomever, early or late' }) cancellations!: number;
  @Out.int() noShows!: number;
  @Out.number({ nullable: true, description: 'Missed, of those kept or missed' }) noShowRate!: number | null;
  @Out.int({ description: 'In as many days before' }) bookingsBefore!: number;
  @Out.number({ nullable: true, description: 'Growth against them: 0.1 is ten per cent more' }) trend!:
    | number
    | null;

  static of({ completed, ...row }: ServiceRow, all: number): ServiceReportResponse {
    return Object.assign(new ServiceReportResponse(), {
      ...row,
      share: ratio(row.bookings, all),
      noShowRate: ratio(row.noShows, completed + row.noShows),
      trend: ratio(row.bookings - row.bookingsBefore, row.bookingsBefore),
    });
  }
}

export class ServicesReportResponse extends ReportResponse implements Tabular {
  @Out.int() bookings!: number;
  @Out.int({ description: 'In minor units' }) revenue!: number;
  @Out.list(() => ServiceReportResponse, { description: 'The most booked first' })
  services!: ServiceReportResponse[];

  static from({ range, rows }: ServicesReport): ServicesReportResponse {
    const bookings = total(rows, 'bookings');
    const services = rows.map((row) => ServiceReportResponse.of(row, bookings));
    const figures = { bookings, revenue: total(rows, 'revenue'), services };
    return Object.assign(new ServicesReportResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.services;
  }
}
