import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { addDays } from '../common/time/local-date.js';
import { run, runOne } from '../database/statement.js';
import type { KpisQuery } from './dto/analytics.request.js';
import { LATELY, OUTCOMES_OF_ROUTES } from './kpis.sql.js';
import type { KpisReport, RouteOutcome } from './kpis.types.js';
import { ReportDays } from './report-days.service.js';
import { ReportReader } from './report-reader.service.js';

/** The figures that say whether the product keeps what it promises. Definitions: docs/analytics.md. */
@Injectable()
export class Kpis {
  constructor(
    private readonly reader: ReportReader,
    private readonly days: ReportDays,
  ) {}

  report(actor: StaffActor, query: KpisQuery): Promise<KpisReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const { from, to, days } = range;
      const outcomes = (method: string | null, route: string) =>
        run<RouteOutcome>(em, OUTCOMES_OF_ROUTES, [from, to, method, route]);
      return {
        range,
        sums: await this.days.compared(em, range, addDays(from, -days)),
        lately: await runOne(em, LATELY),
        portalOutcomes: await outcomes(null, '/api/customer-portal/%'),
        bookingOutcomes: await outcomes('POST', '/api/bookings'),
        moveOutcomes: await outcomes('PUT', '/api/%/reschedule%'),
      };
    });
  }
}
