import { CONSENT_TEXTS, type ConsentText } from './consent.texts.js';
import { CONSENT_PURPOSES, type ConsentPurpose } from './entities/consent.entity.js';

/** Where a decision was made. */
export const CONSENT_SOURCES = ['booking', 'portal', 'staff', 'sms', 'import', 'merge'] as const;
export type ConsentSource = (typeof CONSENT_SOURCES)[number];

/** One decision about one purpose, with the version of the text that was shown. */
export interface ConsentDecision {
  readonly purpose: ConsentPurpose;
  readonly granted: boolean;
  readonly source: ConsentSource;
  readonly textVersion: string;
}

/** What a customer ticked; a missing purpose was left alone. */
export type ConsentChoices = { readonly [Purpose in ConsentPurpose]?: boolean | undefined };

/** The newest decision of each purpose; a missing one was never asked for. */
export type Consents = { readonly [Purpose in ConsentPurpose]?: boolean };

const IMPLIED_BY_PHONE: ReadonlySet<ConsentPurpose> = new Set(['transactional_sms', 'reminder_sms']);

/**
 * What booking says about consent: giving a phone grants texts about the appointment unless the customer said no;
 * marketing is never implied, only asked.
 */
export function decisionsAtBooking(hasPhone: boolean, choices: ConsentChoices = {}): ConsentDecision[] {
  return CONSENT_PURPOSES.flatMap((purpose) => {
    const granted = choices[purpose] ?? (hasPhone && IMPLIED_BY_PHONE.has(purpose) ? true : undefined);
    return granted === undefined ? [] : [decision(purpose, granted, 'booking')];
  });
}

/** A decision under the text that is shown today. */
export function decision(purpose: ConsentPurpose, granted: boolean, source: ConsentSource): ConsentDecision {
  return { purpose, granted, source, textVersion: CONSENT_TEXTS[purpose].version };
}

/** The words of a purpose as they are shown today. */
export function shownText(purpose: ConsentPurpose): ConsentText {
  return CONSENT_TEXTS[purpose];
}
