import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { addDays } from '../common/time/local-date.js';
import { dayBounds, type MinuteRange } from '../common/time/zoned-time.js';
import { run, type Statement } from '../database/statement.js';
import { WorkingTimes } from '../scheduling/working-times.service.js';
import { BookingReports } from './booking-reports.service.js';
import { CustomerReports } from './customer-reports.service.js';
import type { KpisQuery } from './dto/analytics.request.js';
import type { KpiFigures, KpisReport, RouteOutcome } from './kpis.types.js';
import {
  ACTIONS,
  CALENDAR_SYNC,
  DOUBLE_BOOKINGS,
  GROWTH,
  OUTCOMES_OF_ROUTES,
  PORTAL_USAGE,
  RECEIPTS,
} from './kpis.sql.js';
import { MessageReports } from './message-reports.service.js';
import { ReportReader, type ReportRange } from './report-reader.service.js';

/** The figures that say whether the product keeps what it promises. Definitions: docs/analytics.md. */
@Injectable()
export class Kpis {
  constructor(
    private readonly reader: ReportReader,
    private readonly business: BusinessService,
    private readonly times: WorkingTimes,
    private readonly bookings: BookingReports,
    private readonly customers: CustomerReports,
    private readonly messages: MessageReports,
  ) {}

  async report(actor: StaffActor, query: KpisQuery): Promise<KpisReport> {
    const own = await this.reader.read(actor, query, async (em, range) => ({
      range,
      figures: await this.figures(em, range),
    }));
    const { from, to, days } = own.range;
    const same = { from, to };
    const before = { from: addDays(from, -days), to: addDays(from, -1) };
    return {
      ...own,
      outcomes: await this.bookings.satisfaction(actor, same),
      outcomesBefore: await this.bookings.satisfaction(actor, before),
      utilization: await this.bookings.utilization(actor, same),
      retention: await this.customers.retention(actor, same),
      notifications: await this.messages.notifications(actor, same),
    };
  }

  private async figures(em: EntityManager, range: ReportRange): Promise<KpiFigures> {
    const { since, until, from, to, days, timeZone } = range;
    const before = dayBounds(addDays(from, -days), timeZone).start;
    const one = async <Row>(statement: Statement, values: readonly unknown[] = []): Promise<Row> => {
      const [row] = await run<Row>(em, statement, values);
      if (!row) throw new Error(`${statement.name} gave no row`);
      return row;
    };
    const outcomes = (method: string | null, route: string) =>
      run<RouteOutcome>(em, OUTCOMES_OF_ROUTES, [from, to, method, route]);
    return {
      actions: await one(ACTIONS, [since, until, await this.openMinutes(em, range)]),
      calendar: await one(CALENDAR_SYNC, [since, until]),
      portal: await one(PORTAL_USAGE),
      receipts: await one(RECEIPTS, [since, until]),
      doubleBookings: (await one<{ double: number }>(DOUBLE_BOOKINGS, [since, until])).double,
      growth: await one(GROWTH, [since, until, before]),
      portalOutcomes: await outcomes(null, '/api/customer-portal/%'),
      bookingOutcomes: await outcomes('POST', '/api/bookings'),
      moveOutcomes: await outcomes('PUT', '/api/%/reschedule%'),
    };
  }

  private async openMinutes(em: EntityManager, { from, to }: ReportRange): Promise<string> {
    const { catalogRevision } = await this.business.get(em);
    const windows = await this.times.ofSalon(from, to, Number(catalogRevision));
    return `{${windows.map(({ start, end }: MinuteRange) => `[${start},${end})`).join(',')}}`;
  }
}
