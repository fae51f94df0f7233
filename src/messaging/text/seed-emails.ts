import type { TemplateName } from './families.js';

/** Subject and body of an e-mail, plain text; both may hold variables. */
export interface EmailText {
  readonly subject: string;
  readonly body: string;
}

const lines = (...text: readonly string[]): string => text.join('\n');
const SIGNED = ['', '- {business}'];
const CHANGE = ['', 'Need to change or cancel? Use your own link: {manageUrl}'];
const DETAILS = ['', 'All the details: {manageUrl}'];

const BANKS = 'It goes back the way you paid; banks usually take 5 to 10 business days.';

const confirmation = (...money: readonly string[]): EmailText => ({
  subject: 'Confirmed: {service} on {date} at {time}',
  body: lines(
    'Hi {name},',
    '',
    'Your appointment for {service} is confirmed for {date}, {time} to {endTime}, with {staff}.',
    ...money,
    'See you soon!',
    ...CHANGE,
    ...SIGNED,
  ),
});

const late = (subject: string, ...sentences: readonly string[]): EmailText => ({
  subject,
  body: lines('Hi {name},', '', ...sentences, ...SIGNED),
});

const reminder = (day: string): EmailText => ({
  subject: `Reminder: {service} ${day} at {time}`,
  body: lines(
    'Hi {name},',
    '',
    `Your {service} appointment with {staff} is ${day} at {time}. Please arrive 10 minutes early.`,
    ...CHANGE,
    ...SIGNED,
  ),
});

const cancellation = (...refund: readonly string[]): EmailText => ({
  subject: 'Cancelled: {service} on {date}',
  body: lines(
    'Hi {name},',
    '',
    'Your {service} appointment on {date} at {time} is cancelled.',
    ...refund,
    ...DETAILS,
    ...SIGNED,
  ),
});

/** E-mails to customers as shipped: plain text, with the customer's own link wherever there is a booking. */
export const SEED_EMAILS: readonly (readonly [TemplateName, EmailText])[] = [
  ['booking_confirmed', confirmation()],
  ['booking_confirmed_balance', confirmation('You have paid ${amount}; ${balance} is left to pay.')],
  ['booking_reminder', reminder('tomorrow')],
  ['booking_reminder_today', reminder('today')],
  ['booking_reminder_date', reminder('on {date}')],
  [
    'payment_settled',
    {
      subject: 'Payment received: ${amount} for {service}',
      body: lines(
        'Hi {name},',
        '',
        'Your {service} appointment is fully paid. Amount: ${amount}.',
        'See you on {date} at {time}.',
        ...DETAILS,
        ...SIGNED,
      ),
    },
  ],
  [
    'booking_rescheduled',
    {
      subject: 'Moved: {service} is now on {date} at {time}',
      body: lines(
        'Hi {name},',
        '',
        'Your {service} appointment has moved to {date}, {time} to {endTime}, with {staff}.',
        'See you then!',
        ...CHANGE,
        ...SIGNED,
      ),
    },
  ],
  ['booking_cancelled', cancellation()],
  ['booking_cancelled_refund', cancellation(`We are refunding \${refund} to you. ${BANKS}`)],
  [
    'booking_held',
    {
      subject: 'Almost booked: {service} on {date} at {time}',
      body: lines(
        'Hi {name},',
        '',
        'We are holding {service} on {date} at {time} for you until {holdUntil}.',
        'It is confirmed once ${balance} is paid. Your booking: {manageUrl}',
        '',
        'If you no longer want it, do nothing: the time is released by itself.',
        ...SIGNED,
      ),
    },
  ],
  [
    'welcome',
    {
      subject: 'Welcome to {business}',
      body: lines(
        'Hi {firstName},',
        '',
        'Welcome to {business}! We are glad to have you.',
        '',
        'We write to you about your appointments only. If you gave us your phone number, we also text you;',
        'message and data rates may apply. Reply HELP to a text for help, STOP to end texts.',
        ...SIGNED,
      ),
    },
  ],
];

/** E-mails about an account: they go to a contact whose person may not be known, so that nobody is named. */
export const SEED_ACCOUNT_EMAILS: readonly (readonly [TemplateName, EmailText])[] = [
  [
    'one_time_code',
    {
      subject: '{code} is your code for {business}',
      body: lines(
        'Hello,',
        '',
        'Your code is {code}. It is good for 5 minutes and can be used once.',
        'Never give it to anybody; nobody at {business} will ever ask for it.',
        '',
        'If you did not ask for it, do nothing.',
        ...SIGNED,
      ),
    },
  ],
  [
    'contact_changed',
    {
      subject: 'Your contact at {business} was changed',
      body: lines(
        'Hello,',
        '',
        'Another contact now stands in your account at {business} instead of this one.',
        'If that was not you, call us at once.',
        ...SIGNED,
      ),
    },
  ],
  [
    'contact_joined',
    {
      subject: 'Bookings with this address were joined to an account',
      body: lines(
        'Hello,',
        '',
        'Bookings made with this address now stand in an account at {business}, whose owner has proven the phone number',
        'that was given beside it. If they are yours and that number is not, call us.',
        ...SIGNED,
      ),
    },
  ],
  [
    'erasure_asked',
    {
      subject: 'You asked us to erase your data',
      body: lines(
        'Hello,',
        '',
        'We were asked to erase your data at {business}. For 72 hours you can change your mind: sign in and withdraw it.',
        'If it was not you, do that now.',
        ...SIGNED,
      ),
    },
  ],
];

/** E-mails about money that came too late or goes back. No link: the booking is over, and its link with it. */
export const SEED_MONEY_EMAILS: readonly (readonly [TemplateName, EmailText])[] = [
  [
    'payment_late',
    late(
      'Sorry: {service} on {date} could not be booked',
      'We are sorry: {service} on {date} at {time} was no longer held for you when your payment arrived.',
      `We are refunding all of it, \${refund}. ${BANKS}`,
    ),
  ],
  [
    'payment_late_alternatives',
    late(
      'Sorry: {service} on {date} could not be booked',
      'We are sorry: {service} on {date} at {time} was no longer held for you when your payment arrived.',
      `We are refunding all of it, \${refund}. ${BANKS}`,
      '',
      'Free at the moment: {alternatives}.',
    ),
  ],
  [
    'payment_late_cancelled',
    late(
      'Your payment for {service} on {date} goes back to you',
      'Your {service} appointment on {date} at {time} was cancelled before your payment arrived.',
      `We are refunding all of it, \${refund}. ${BANKS}`,
    ),
  ],
  [
    'refund_succeeded',
    late('Refunded: ${refund} for {service}', 'We have refunded ${refund} for {service} on {date}.', BANKS),
  ],
  [
    'refund_failed',
    late(
      'Your refund of ${refund} is delayed',
      'Your refund of ${refund} for {service} on {date} did not go through.',
      'Your money is not lost. We have been told, and will find another way to return it.',
    ),
  ],
];

const staffNotice = (subject: string, sentence: string): EmailText => ({
  subject,
  body: lines(sentence, '', 'With: {staff}', 'Customer: {name}', ...SIGNED),
});

/** E-mails to staff as shipped; they never carry a customer's link. */
export const SEED_STAFF_EMAILS: readonly (readonly [TemplateName, EmailText])[] = [
  [
    'staff_booking_new',
    staffNotice(
      'New booking: {service} on {date} at {time}',
      'New booking: {service} on {date}, {time} to {endTime}.',
    ),
  ],
  [
    'staff_booking_moved',
    staffNotice(
      'Moved booking: {service} is now on {date} at {time}',
      'A booking has moved: {service} is now on {date}, {time} to {endTime}.',
    ),
  ],
  [
    'staff_booking_cancelled',
    staffNotice(
      'Cancelled booking: {service} on {date} at {time}',
      'A booking is cancelled: {service} on {date} at {time}. The time is free again.',
    ),
  ],
  [
    'staff_payment_task',
    staffNotice(
      'Refund failed: ${refund} for {service} on {date}',
      'A refund of ${refund} for {service} on {date} at {time} did not go through. Please return the money in another way.',
    ),
  ],
  [
    'staff_calendar_broken',
    {
      subject: 'Google Calendar is disconnected',
      body: lines(
        'Hello,',
        '',
        'Google no longer accepts the consent that connects a calendar with {business}. Bookings go on, but they are not written there,',
        'and what stands there takes no time here. Nothing is lost: connect the calendar again, and everything is made good.',
        ...SIGNED,
      ),
    },
  ],
  [
    'staff_calendar_conflict',
    staffNotice(
      'Calendar and booking disagree: {service} on {date} at {time}',
      'In Google Calendar something else stands for {service} on {date}, {time} to {endTime}. See the conflicts of the calendar.',
    ),
  ],
];
