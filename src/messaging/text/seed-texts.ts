import type { TemplateName } from './families.js';

/**
 * Text messages as shipped. Confirmation, reminder and payment are the mission's words to the byte, with the
 * business's name as a variable; plain GSM-7 letters throughout. No links, except where a salon adds `{manageUrl}`.
 */
export const SEED_TEXTS: readonly (readonly [TemplateName, string])[] = [
  [
    'booking_confirmed',
    'Hi {name}! Your appointment for {service} is confirmed for {date} at {time}. See you soon! - {business}',
  ],
  [
    'booking_reminder',
    'Reminder: Your {service} appointment is tomorrow at {time}. Please arrive 10 minutes early. - {business}',
  ],
  [
    'booking_reminder_today',
    'Reminder: Your {service} appointment is today at {time}. Please arrive 10 minutes early. - {business}',
  ],
  [
    'booking_reminder_date',
    'Reminder: Your {service} appointment is on {date} at {time}. Please arrive 10 minutes early. - {business}',
  ],
  [
    'payment_settled',
    'Payment confirmed! Your {service} appointment is fully paid. Amount: ${amount}. See you on {date}. - {business}',
  ],
  [
    'payment_late',
    'Sorry, {service} on {date} was no longer held when you paid. We refund ${refund}, all of it. - {business}',
  ],
  [
    'payment_late_alternatives',
    'Sorry, {service} on {date} was no longer held when you paid. We refund ${refund}. Free: {alternatives}. - {business}',
  ],
  [
    'payment_late_cancelled',
    'Your {service} appointment on {date} was cancelled before your payment arrived. We refund ${refund}, all of it. - {business}',
  ],
  [
    'booking_rescheduled',
    'Hi {name}! Your {service} appointment has moved to {date} at {time}. See you then! - {business}',
  ],
  [
    'booking_cancelled',
    'Hi {name}, your {service} appointment on {date} at {time} is cancelled. - {business}',
  ],
  [
    'booking_cancelled_refund',
    'Hi {name}, your {service} appointment on {date} at {time} is cancelled. We are refunding ${refund} to you. - {business}',
  ],
  [
    'welcome',
    'Welcome, {firstName}! We text you about your appointments. Message and data rates may apply. Reply HELP for help, STOP to end texts. - {business}',
  ],
  ['one_time_code', '{code} is your code, good for 5 minutes. Never give it to anybody. - {business}'],
  [
    'contact_changed',
    'Another contact now stands in your account instead of this one. If that was not you, call us. - {business}',
  ],
  [
    'contact_joined',
    'Bookings made with this number now stand in an account of another contact. If they are yours alone, call us. - {business}',
  ],
  [
    'erasure_asked',
    'We were asked to erase your data. For 72 hours you can change your mind in your account. - {business}',
  ],
  [
    'staff_calendar_broken',
    'Google Calendar is disconnected: new bookings are not in it. Nothing is lost; connect it again. - {business}',
  ],
];
