import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { runOne } from '../database/statement.js';
import type { AnalyticsQuery } from './dto/analytics.request.js';
import { OPT_OUTS } from './message-reports.sql.js';
import { ReportDays, type Delivery } from './report-days.service.js';
import { CHANNELS, MESSAGE_FIGURES, type DaySums, type MessageFigure } from './report-days.types.js';
import { ReportReader } from './report-reader.service.js';
import type { DeliveryRow, NotificationsReport, RemindedRow } from './report.types.js';

/** Reports on messages. Definitions: docs/analytics.md. */
@Injectable()
export class MessageReports {
  constructor(
    private readonly reader: ReportReader,
    private readonly days: ReportDays,
  ) {}

  /** What messages achieve. */
  notifications(actor: StaffActor, query: AnalyticsQuery): Promise<NotificationsReport> {
    return this.reader.read(actor, query, async (em, range) => {
      const delivery = await this.days.delivery(em, range);
      const { optOuts } = await runOne<{ optOuts: number }>(em, OPT_OUTS, [range.since, range.until]);
      return {
        range,
        channels: channelsOf(delivery),
        failures: delivery.failures,
        optOuts: { recipients: delivery.recipients, optOuts },
        reminded: [remindedOf(delivery.sums, 'reminded'), remindedOf(delivery.sums, 'notReminded')].filter(
          ({ completed, noShows }) => completed + noShows > 0,
        ),
      };
    });
  }
}

/** The channels that were used at all. */
function channelsOf({ sums, ...delivery }: Delivery): DeliveryRow[] {
  return CHANNELS.filter((channel) => sums[`${channel}.planned`] > 0).map((channel) => {
    const figures = MESSAGE_FIGURES.map((figure) => [figure, sums[`${channel}.${figure}`]] as const);
    const counts = Object.fromEntries(figures) as Record<MessageFigure, number>;
    return { channel, ...counts, medianSeconds: delivery[channel] };
  });
}

function remindedOf(sums: DaySums, which: 'reminded' | 'notReminded'): RemindedRow {
  return {
    reminded: which === 'reminded',
    completed: sums[`${which}Completed`],
    noShows: sums[`${which}NoShows`],
    saidTheyCome: sums[`${which}SaidTheyCome`],
  };
}
