import { Pattern, Text } from '../../common/fields/text.fields.js';
import { Int, ListOf, LocalDateField } from '../../common/fields/value.fields.js';
import { PageQuery } from '../../common/page.js';
import type { ExceptionalHours } from '../hours.types.js';
import type { HoursInterval } from '../slots/slots.types.js';
import type { DayHours } from '../week.js';

const FROM = /^([01]\d|2[0-3]):[0-5]\d$/;
const TO = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const MOST_A_DAY = 10;

/** A stretch of time on the salon's clock; an end at or before the beginning is on the next day. */
export class IntervalField implements HoursInterval {
  @Pattern({ pattern: FROM, max: 5, example: '09:00' }) from!: string;
  @Pattern({ pattern: TO, max: 5, example: '18:00', description: '`24:00` is midnight' }) to!: string;
}

/** The hours of one weekday. */
export class DayField implements DayHours {
  @Int({ min: 1, max: 7, description: '1 is Monday' }) weekday!: number;
  @ListOf(() => IntervalField, { max: MOST_A_DAY }) intervals!: IntervalField[];
}

/** A whole week in place of the one before. */
export class SetWeekRequest {
  @ListOf(() => DayField, { max: 7, description: 'Days left out are closed' }) week!: DayField[];
}

/** Other hours on one date. */
export class SetExceptionRequest implements ExceptionalHours {
  @LocalDateField() date!: string;
  @ListOf(() => IntervalField, { max: MOST_A_DAY, description: 'Empty: closed' }) intervals!: IntervalField[];
  @Text({ max: 200, optional: true, nullable: true, example: 'Public holiday' }) reason?: string | null;
}

/** Which dates to list. */
export class ExceptionsQuery extends PageQuery {
  @LocalDateField({ optional: true, description: 'First date; today when left out' }) from?: string;
  @LocalDateField({ optional: true, description: 'Last date' }) to?: string;
}
