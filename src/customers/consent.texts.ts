import type { ConsentPurpose } from './entities/consent.entity.js';

/** The words a customer agrees to, with the version that is kept beside the decision. */
export interface ConsentText {
  readonly version: string;
  readonly text: string;
}

/**
 * The current words of each purpose. Changing them means a new version here, never another text under an old one:
 * what somebody agreed to must stay readable.
 */
export const CONSENT_TEXTS = {
  transactional_sms: {
    version: 'transactional-sms-1',
    text: 'By giving your number you agree to texts about your appointments: confirmations, changes and cancellations. Message and data rates may apply. Reply STOP to end, HELP for help.',
  },
  reminder_sms: {
    version: 'reminder-sms-1',
    text: 'By giving your number you agree to reminder texts before your appointments. Message and data rates may apply. Reply STOP to end, HELP for help.',
  },
  marketing_sms: {
    version: 'marketing-sms-1',
    text: 'I would like offers and news by text. This is not a condition of any purchase. Reply STOP to end.',
  },
  marketing_email: {
    version: 'marketing-email-1',
    text: 'I would like offers and news by e-mail and can unsubscribe at any time.',
  },
  calendar_invitation: {
    version: 'calendar-invitation-1',
    text: 'Put my appointments into my own calendar: the salon’s Google Calendar gets my e-mail address and invites me.',
  },
} as const satisfies Record<ConsentPurpose, ConsentText>;
