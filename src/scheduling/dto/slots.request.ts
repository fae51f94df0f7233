import { TimeZone } from '../../common/fields/text.fields.js';
import { Id, LocalDateField } from '../../common/fields/value.fields.js';

/** Which slots: at most 62 days, dates local to `timeZone`. */
export class SlotsQuery {
  @Id() serviceId!: string;
  @Id({ optional: true, description: 'Left out: anybody who offers the service' }) staffId?: string;
  @LocalDateField() from!: string;
  @LocalDateField({ description: 'Included; at most 62 days after `from`' }) to!: string;
  @TimeZone({
    optional: true,
    description: 'In which the dates are meant and the times are shown; the salon’s by default',
  })
  timeZone?: string;
}

/** The staff's question may look past a booking that is about to be moved. */
export class StaffSlotsQuery extends SlotsQuery {
  @Id({ optional: true, description: 'A booking whose own time counts as free' }) excludeBookingId?: string;
}
