import { LocalDateField } from '../../common/fields/value.fields.js';

/** Which bookings to take along, by the local day they begin. */
export class BookingsExportQuery {
  @LocalDateField({ optional: true, description: 'Left out: from the first one on' }) from?: string;
  @LocalDateField({ optional: true, description: 'Included; left out: to the last one' }) to?: string;
}
