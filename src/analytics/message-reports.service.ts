import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { run } from '../database/statement.js';
import type { AnalyticsQuery } from './dto/analytics.request.js';
import { DELIVERY, FAILURES, OPT_OUTS, REMINDED } from './message-reports.sql.js';
import { ReportReader } from './report-reader.service.js';
import type { NotificationsReport } from './report.types.js';

/** Reports on messages. Definitions: docs/analytics.md. */
@Injectable()
export class MessageReports {
  constructor(private readonly reader: ReportReader) {}

  /** What messages achieve. */
  notifications(actor: StaffActor, query: AnalyticsQuery): Promise<NotificationsReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const days = [range.since, range.until];
      const [optOuts] = await run<NotificationsReport['optOuts']>(em, OPT_OUTS, days);
      return {
        range,
        channels: await run(em, DELIVERY, days),
        failures: await run(em, FAILURES, days),
        optOuts: optOuts ?? { recipients: 0, optOuts: 0 },
        reminded: await run(em, REMINDED, days),
      };
    });
  }
}
