import { Out } from '../../common/fields/response.fields.js';
import type { HoursException } from '../entities/hours-exception.entity.js';
import type { HoursInterval } from '../slots/slots.types.js';
import type { DayHours } from '../week.js';

/** A stretch of time on the salon's clock; an end at or before the beginning is on the next day. */
export class IntervalResponse implements HoursInterval {
  @Out.text({ example: '09:00' }) from!: string;
  @Out.text({ example: '18:00' }) to!: string;
}

/** The hours of one weekday, 1 is Monday; none means closed. */
export class DayResponse {
  @Out.int() weekday!: number;
  @Out.list(() => IntervalResponse) intervals!: IntervalResponse[];
}

/** A week from Monday to Sunday; empty for a person who works the salon's hours. */
export class WeekResponse {
  @Out.list(() => DayResponse) week!: DayResponse[];

  static from(week: readonly DayHours[]): WeekResponse {
    return Object.assign(new WeekResponse(), { week });
  }
}

/** Other hours on one date; none means closed. */
export class HoursExceptionResponse {
  @Out.date() date!: string;
  @Out.list(() => IntervalResponse) intervals!: IntervalResponse[];
  @Out.text({ nullable: true }) reason!: string | null;

  static from({ date, intervals, reason }: HoursException): HoursExceptionResponse {
    return Object.assign(new HoursExceptionResponse(), { date, intervals, reason: reason ?? null });
  }
}
