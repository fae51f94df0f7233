import { Out } from '../../common/fields/response.fields.js';
import { ratio, total } from '../ratio.js';
import type { DeliveryRow, NotificationsReport, RemindedRow } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** How far the messages of one channel got. */
export class DeliveryResponse {
  @Out.oneOf(['sms', 'email']) channel!: string;
  @Out.int({ description: 'Planned in these days' }) planned!: number;
  @Out.int({ description: 'Of those, taken by the provider' }) accepted!: number;
  @Out.int({ description: 'Of those, known to have arrived; for e-mail nobody tells' }) delivered!: number;
  @Out.int({ description: 'Refused, or not to be delivered' }) failed!: number;
  @Out.number({ nullable: true, description: 'delivered ÷ accepted' }) deliveryRate!: number | null;
  @Out.int({ description: 'Taken, and sent by rule' }) automatic!: number;
  @Out.int({ description: 'Taken, and sent by hand' }) manual!: number;
  @Out.int({ description: 'Taken, and written from a template' }) templated!: number;
  @Out.int({ description: 'What those taken are billed as; 0 for e-mail' }) segments!: number;
  @Out.number({ nullable: true, description: 'automatic ÷ (automatic + manual)' }) automationRate!:
    | number
    | null;
  @Out.number({ nullable: true, description: 'Half of them were taken at most so long after their time' })
  medianSeconds!: number | null;

  static of(row: DeliveryRow): DeliveryResponse {
    return Object.assign(new DeliveryResponse(), row, {
      deliveryRate: ratio(row.delivered, row.accepted),
      automationRate: ratio(row.automatic, row.automatic + row.manual),
    });
  }
}

/** What messages failed with. */
export class FailureResponse {
  @Out.oneOf(['sms', 'email']) channel!: string;
  @Out.int({ nullable: true, description: 'The provider’s code', example: 30003 }) code!: number | null;
  @Out.text({ nullable: true, description: 'In plain words' }) reason!: string | null;
  @Out.int() messages!: number;
}

/** Whether people come, by whether they were reminded. */
export class RemindedResponse {
  @Out.bool() reminded!: boolean;
  @Out.int() completed!: number;
  @Out.int() noShows!: number;
  @Out.number({ nullable: true }) noShowRate!: number | null;
  @Out.number({ nullable: true, description: 'Who answered that they would come' }) confirmedRate!:
    | number
    | null;

  static of({ saidTheyCome, ...row }: RemindedRow): RemindedResponse {
    const visits = row.completed + row.noShows;
    return Object.assign(new RemindedResponse(), row, {
      noShowRate: ratio(row.noShows, visits),
      confirmedRate: ratio(saidTheyCome, visits),
    });
  }
}

/** What messages achieve. */
export class NotificationsResponse extends ReportResponse implements Tabular {
  @Out.list(() => DeliveryResponse) channels!: DeliveryResponse[];
  @Out.list(() => FailureResponse, { description: 'The fifty most frequent' }) failures!: FailureResponse[];
  @Out.int({ description: 'People who were texted' }) recipients!: number;
  @Out.int({ description: 'Who said STOP in these days and has not come back' }) optOuts!: number;
  @Out.number({ nullable: true, description: 'optOuts ÷ recipients' }) optOutRate!: number | null;
  @Out.number({ nullable: true, description: 'Sent by rule, of all that were sent' }) automationRate!:
    | number
    | null;
  @Out.list(() => RemindedResponse, { description: 'Visits of these days that were kept or missed' })
  reminded!: RemindedResponse[];

  static from({ range, channels, failures, optOuts, reminded }: NotificationsReport): NotificationsResponse {
    const automatic = total(channels, 'automatic');
    const figures = {
      channels: channels.map(DeliveryResponse.of),
      ...{ failures, ...optOuts },
      optOutRate: ratio(optOuts.optOuts, optOuts.recipients),
      automationRate: ratio(automatic, automatic + total(channels, 'manual')),
      reminded: reminded.map(RemindedResponse.of),
    };
    return Object.assign(new NotificationsResponse().about(range), figures);
  }

  table(): readonly object[] {
    return this.channels;
  }
}
