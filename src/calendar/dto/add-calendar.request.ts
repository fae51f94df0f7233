import { Text } from '../../common/fields/text.fields.js';
import { Bool, Id } from '../../common/fields/value.fields.js';

/** A calendar of the account to be used. */
export class AddCalendarRequest {
  @Text({ max: 254, description: 'Google’s id of the calendar', example: 'grace@calendar.sandbox.example' })
  googleId!: string;
  @Id({ optional: true, description: 'Whose it is; the salon’s when left out' }) staffId?: string;
  @Bool({ optional: true, default: false, description: 'Bookings are written to it' }) isTarget?: boolean;
  @Bool({ optional: true, default: true, description: 'What else stands in it takes time here' })
  readsBusy?: boolean;
}
