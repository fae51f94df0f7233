import { Out } from '../../common/fields/response.fields.js';
import type { Support } from '../support.service.js';
import { DayResponse, HoursExceptionResponse } from './hours.response.js';

/** Where to turn, and when somebody is there. */
export class SupportResponse {
  @Out.text() name!: string;
  @Out.text() address!: string;
  @Out.text({ nullable: true, example: '+15005550100' }) phone!: string | null;
  @Out.text({ nullable: true, example: 'hello@lawrei.example' }) email!: string | null;
  @Out.text({ nullable: true, description: 'A page with answers' }) helpUrl!: string | null;
  @Out.text({ example: 'America/New_York', description: 'The zone the hours are meant in' })
  timeZone!: string;
  @Out.list(() => DayResponse) openingHours!: DayResponse[];
  @Out.list(() => HoursExceptionResponse, { description: 'Dates with other hours, from today on' })
  exceptions!: HoursExceptionResponse[];

  static from({ business, week, exceptions }: Support): SupportResponse {
    return Object.assign(new SupportResponse(), {
      name: business.name,
      address: business.address,
      phone: business.phone ?? null,
      email: business.email ?? null,
      helpUrl: business.helpUrl ?? null,
      timeZone: business.timeZone,
      openingHours: week,
      exceptions: exceptions.map(HoursExceptionResponse.from),
    });
  }
}
