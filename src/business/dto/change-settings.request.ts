import { isURL } from 'class-validator';
import { isSupportedCountry } from 'libphonenumber-js';
import { check, LIST, longest, most, TEXT } from '../../common/fields/checks.js';
import { field } from '../../common/fields/field.js';
import { Email, Locale, OneOf, Pattern, Phone, Text, TimeZone } from '../../common/fields/text.fields.js';
import { Bool, Int, ListOf } from '../../common/fields/value.fields.js';
import { isCurrency } from '../../common/money.js';
import {
  CALENDAR_DELETIONS,
  CALENDAR_DETAILS,
  CALENDAR_MOVES,
  type CalendarDeletions,
  type CalendarDetails,
  type CalendarMoves,
} from '../entities/business.entity.js';
import type { SettingsChange } from '../settings.types.js';

const LONGEST_WAIT_MINUTES = 525_600;
const LONGEST_WAIT_HOURS = 8_760;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const COUNTRIES = {
  optional: true,
  description: 'ISO 3166-1 alpha-2 codes that may be texted; empty allows all',
  example: ['US', 'CA'],
};

const COUNTRY_CODES = check(
  'countries',
  'must list country codes such as US',
  (value) =>
    Array.isArray(value) && value.every((code) => typeof code === 'string' && isSupportedCountry(code)),
);

const Countries = () => field({ type: String, isArray: true }, [LIST, most(100), COUNTRY_CODES], COUNTRIES);

const CURRENCY = check(
  'currency',
  'must be an ISO 4217 code such as USD',
  (value) => typeof value === 'string' && isCurrency(value),
);

const Currency = () =>
  field({ type: String, pattern: '^[A-Z]{3}$' }, [CURRENCY], {
    optional: true,
    example: 'USD',
    description: 'Fixed once there are services',
  });

const WEB_ADDRESS = check(
  'web-address',
  'must be an address that begins with https:// or http://',
  (value) =>
    typeof value === 'string' &&
    isURL(value, { protocols: ['https', 'http'], require_protocol: true, require_tld: false }),
);

const WebAddress = () =>
  field({ type: String, format: 'uri', maxLength: 500 }, [TEXT, longest(500), WEB_ADDRESS], {
    optional: true,
    nullable: true,
    example: 'https://lawrei.example/help',
  });

/** Share given back when a customer cancels at least `hoursBefore` hours before the start. */
export class RefundTierField {
  @Int({ min: 0, max: LONGEST_WAIT_HOURS, example: 24 }) hoursBefore!: number;
  @Int({ min: 0, max: 100, example: 100 }) percent!: number;
}

/** New values of the settings that change; the others stay. Existing bookings keep the policy they were made under. */
export class ChangeSettingsRequest implements SettingsChange {
  @Text({ max: 120, optional: true }) name?: string;
  @Text({ min: 0, max: 300, optional: true }) address?: string;
  @Phone({ optional: true, nullable: true }) phone?: string | null;
  @Email({ optional: true, nullable: true }) email?: string | null;
  @WebAddress() helpUrl?: string | null;
  @TimeZone({ optional: true, description: 'The zone in which hours are meant' }) timeZone?: string;
  @Currency() currency?: string;
  @Locale({ optional: true }) locale?: string;
  @Int({ min: 1, max: 1_440, optional: true, description: 'How long a slot is kept while a customer pays' })
  holdMinutes?: number;
  @Int({ min: 1, max: 720, optional: true }) staffHoldHours?: number;
  @Int({ min: 0, max: LONGEST_WAIT_MINUTES, optional: true }) minNoticeMinutes?: number;
  @Int({ min: 1, max: 730, optional: true }) horizonDays?: number;
  @Int({ min: 0, max: LONGEST_WAIT_HOURS, optional: true }) cancelNoticeHours?: number;
  @Int({ min: 0, max: LONGEST_WAIT_HOURS, optional: true }) rescheduleNoticeHours?: number;
  @Int({ min: 0, max: 1_000, optional: true }) maxReschedules?: number;
  @Int({ min: 1, max: 1_000, optional: true }) maxActiveBookings?: number;
  @Int({ min: 1, max: 1_000, optional: true }) maxHoldsPerContact?: number;
  @Bool({ optional: true, description: 'Whether the time after a visit may run past closing' })
  bufferMayExceedHours?: boolean;
  @Bool({ optional: true }) depositRefundable?: boolean;
  @ListOf(() => RefundTierField, { min: 1, max: 10, optional: true }) refundTiers?: RefundTierField[];
  @Text({ max: 20, optional: true, example: 'VAT', description: 'What receipts call the tax' })
  taxName?: string;
  @Int({
    min: 0,
    max: 100_000,
    optional: true,
    example: 8875,
    description:
      'Of the tax that prices include, in thousandths of a percent: 8875 is 8.875 %. With 0 receipts name none',
  })
  taxMilliPercent?: number;
  @Pattern({
    pattern: TIME,
    max: 5,
    optional: true,
    example: '08:00',
    description: 'No reminders earlier than this',
  })
  quietFrom?: string;
  @Pattern({
    pattern: TIME,
    max: 5,
    optional: true,
    example: '21:00',
    description: 'No reminders later than this',
  })
  quietTo?: string;
  @Bool({ optional: true }) remindDayBefore?: boolean;
  @Bool({ optional: true }) remindTwoHoursBefore?: boolean;
  @Countries() smsCountries?: string[];
  @Int({ min: 0, max: 1_000_000, optional: true, description: 'Most texts in a day' })
  smsDailyBudget?: number;
  @OneOf(CALENDAR_DETAILS, {
    optional: true,
    description:
      'What events in Google Calendar tell: the service alone, the customer’s name too, or the contact as well',
  })
  calendarDetails?: CalendarDetails;
  @OneOf(CALENDAR_MOVES, {
    optional: true,
    description:
      'An event that somebody drags: the booking follows where it can, the event goes back, or a person decides',
  })
  calendarMoves?: CalendarMoves;
  @OneOf(CALENDAR_DELETIONS, {
    optional: true,
    description:
      'An event that somebody deletes: a person decides, the booking is cancelled, or the event comes back',
  })
  calendarDeletions?: CalendarDeletions;
}
