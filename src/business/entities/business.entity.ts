import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';

/** Share of a payment given back when a customer cancels at least `hoursBefore` hours before the start. */
export interface RefundTier {
  hoursBefore: number;
  percent: number;
}

/** Of whom and what an event may tell; what stands in a calendar is seen by everybody who shares it. */
export const CALENDAR_DETAILS = ['service', 'name', 'contact'] as const;
export type CalendarDetails = (typeof CALENDAR_DETAILS)[number];

/** The booking follows where its time is free, the event goes back, or a person decides. */
export const CALENDAR_MOVES = ['apply', 'revert', 'flag'] as const;
export type CalendarMoves = (typeof CALENDAR_MOVES)[number];

/** A person decides, the booking is cancelled, or the event comes back. */
export const CALENDAR_DELETIONS = ['flag', 'cancel', 'restore'] as const;
export type CalendarDeletions = (typeof CALENDAR_DELETIONS)[number];

const BusinessSchema = defineEntity({
  name: 'Business',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    singleton: p.boolean().default(true).unique('business_only_one'),
    name: p.string().length(120),
    address: p.string().length(300).default(''),
    phone: p.string().length(20).nullable(),
    email: p.string().length(254).nullable(),
    helpUrl: p.string().length(500).nullable(),
    timeZone: p.string().length(64),
    currency: p.string().length(3).unique('business_currency_unique'),
    locale: p.string().length(35).default('en-US'),
    holdMinutes: p.integer().default(10),
    staffHoldHours: p.integer().default(24),
    minNoticeMinutes: p.integer().default(120),
    horizonDays: p.integer().default(60),
    cancelNoticeHours: p.integer().default(24),
    rescheduleNoticeHours: p.integer().default(2),
    maxReschedules: p.integer().default(3),
    maxActiveBookings: p.integer().default(10),
    maxHoldsPerContact: p.integer().default(3),
    bufferMayExceedHours: p.boolean().default(true),
    depositRefundable: p.boolean().default(false),
    refundTiers: p
      .json<RefundTier[]>()
      .defaultRaw(`'[{"percent": 100, "hoursBefore": 24}, {"percent": 0, "hoursBefore": 0}]'`),
    taxName: p.string().length(20).default('Tax'),
    /** Of the tax that prices include, in thousandths of a percent. */
    taxMilliPercent: p.integer().default(0),
    quietFrom: p.string().length(5).default('08:00'),
    quietTo: p.string().length(5).default('21:00'),
    remindDayBefore: p.boolean().default(true),
    remindTwoHoursBefore: p.boolean().default(false),
    smsCountries: p.array().default([]),
    smsDailyBudget: p.integer().default(1000),
    /** What events in connected calendars tell of a customer. */
    calendarDetails: p.enum(CALENDAR_DETAILS).default('contact'),
    /** What becomes of a booking whose event somebody drags in a calendar. */
    calendarMoves: p.enum(CALENDAR_MOVES).default('apply'),
    /** What becomes of one whose event somebody deletes. */
    calendarDeletions: p.enum(CALENDAR_DELETIONS).default('flag'),
    catalogRevision: p.bigint('number').default(1),
    hoursSeededAt: p.datetime().nullable(),
    /** A hash under the `ENCRYPTION_KEY` that all hashes here were made with. */
    keyCheck: p.string().length(43).nullable(),
    /** When the database was last put back from a backup; app time. */
    restoredAt: p.datetime().nullable(),
    /** Up to when that backup knew what happened; real time. */
    backedUpAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    version: p.integer().version(),
  },
  checks: [
    { name: 'business_only_one_row', expression: 'singleton' },
    { name: 'business_currency_is_iso', expression: `currency ~ '^[A-Z]{3}$'` },
    { name: 'business_phone_is_e164', expression: `phone is null or phone ~ '^[+][1-9][0-9]{6,14}$'` },
    { name: 'business_quiet_hours_in_order', expression: 'quiet_from < quiet_to' },
    {
      name: 'business_quiet_hours_are_times',
      expression: `quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'`,
    },
    {
      name: 'business_restoration_says_from_when',
      expression: '(restored_at is null) = (backed_up_at is null)',
    },
    { name: 'business_tax_is_a_share', expression: 'tax_milli_percent between 0 and 100000' },
    { name: 'business_refund_tiers_is_list', expression: `jsonb_typeof(refund_tiers) = 'array'` },
    {
      name: 'business_policies_not_negative',
      expression:
        'hold_minutes between 1 and 1440 and staff_hold_hours between 1 and 720 and min_notice_minutes >= 0 and horizon_days between 1 and 730 and cancel_notice_hours >= 0 and reschedule_notice_hours >= 0 and max_reschedules >= 0 and max_active_bookings >= 1 and max_holds_per_contact >= 1 and sms_daily_budget >= 0',
    },
  ],
});

/** The salon itself: one row, its policies the defaults of every new booking. */
export class Business extends BusinessSchema.class {}
BusinessSchema.setClass(Business);
