import { Out } from '../../common/fields/response.fields.js';
import {
  CALENDAR_DELETIONS,
  CALENDAR_DETAILS,
  CALENDAR_MOVES,
  type Business,
  type CalendarDeletions,
  type CalendarDetails,
  type CalendarMoves,
} from '../entities/business.entity.js';
import { SETTINGS, type Settings } from '../settings.types.js';

/** A tier of the refund policy as it is shown. */
export class RefundTierResponse {
  @Out.int() hoursBefore!: number;
  @Out.int() percent!: number;
}

/** The salon and its policies as they stand; `version` is the ETag. */
export class SettingsResponse implements Settings {
  @Out.text() name!: string;
  @Out.text() address!: string;
  @Out.text({ nullable: true }) phone!: string | null;
  @Out.text({ nullable: true }) email!: string | null;
  @Out.text({ nullable: true }) helpUrl!: string | null;
  @Out.text() timeZone!: string;
  @Out.text() currency!: string;
  @Out.text() locale!: string;
  @Out.int() holdMinutes!: number;
  @Out.int() staffHoldHours!: number;
  @Out.int() minNoticeMinutes!: number;
  @Out.int() horizonDays!: number;
  @Out.int() cancelNoticeHours!: number;
  @Out.int() rescheduleNoticeHours!: number;
  @Out.int() maxReschedules!: number;
  @Out.int() maxActiveBookings!: number;
  @Out.int() maxHoldsPerContact!: number;
  @Out.bool() bufferMayExceedHours!: boolean;
  @Out.bool() depositRefundable!: boolean;
  @Out.list(() => RefundTierResponse) refundTiers!: RefundTierResponse[];
  @Out.text({ example: 'VAT' }) taxName!: string;
  @Out.int({ description: 'Of the tax that prices include, in thousandths of a percent: 8875 is 8.875 %' })
  taxMilliPercent!: number;
  @Out.text({ example: '08:00' }) quietFrom!: string;
  @Out.text({ example: '21:00' }) quietTo!: string;
  @Out.bool() remindDayBefore!: boolean;
  @Out.bool() remindTwoHoursBefore!: boolean;
  @Out.texts() smsCountries!: string[];
  @Out.int() smsDailyBudget!: number;
  @Out.oneOf(CALENDAR_DETAILS) calendarDetails!: CalendarDetails;
  @Out.oneOf(CALENDAR_MOVES) calendarMoves!: CalendarMoves;
  @Out.oneOf(CALENDAR_DELETIONS) calendarDeletions!: CalendarDeletions;
  @Out.int() version!: number;

  static from(business: Business): SettingsResponse {
    const settings = Object.fromEntries(SETTINGS.map((name) => [name, business[name] ?? null]));
    return Object.assign(new SettingsResponse(), settings, { version: business.version });
  }
}
