import type { MessageChannel } from '../text/families.js';
import type { MessageClass, PlannedMessage, RecipientFacts } from './plan.types.js';

/** Why a person must not be written to this way. */
export type ConsentRefusal = 'opted-out' | 'consent-missing';

/**
 * Null when the person may get this class of message this way: STOP ends all texts, `false` is respected, and
 * marketing needs a `true` that was really given. E-mails about one's own booking need no consent.
 */
export function consentRefusal(
  channel: MessageChannel,
  kind: MessageClass,
  { optedOut, consents }: RecipientFacts,
): ConsentRefusal | null {
  if (channel === 'sms' && optedOut) return 'opted-out';
  return isAllowed(channel, kind, consents) ? null : 'consent-missing';
}

function isAllowed(
  channel: MessageChannel,
  kind: MessageClass,
  consents: RecipientFacts['consents'],
): boolean {
  if (kind === 'marketing') return consents[channel === 'sms' ? 'marketing_sms' : 'marketing_email'] === true;
  if (channel === 'email' || kind === 'staff') return true;
  return consents[kind === 'reminder' ? 'reminder_sms' : 'transactional_sms'] !== false;
}

/** The consent that counts for the message, or null where none is asked. */
export function purposeOf({
  channel,
  class: kind,
}: Pick<PlannedMessage, 'channel' | 'class'>): string | null {
  if (channel === 'email') return kind === 'marketing' ? 'marketing_email' : null;
  const purposes: Readonly<Record<MessageClass, string | null>> = {
    transactional: 'transactional_sms',
    reminder: 'reminder_sms',
    marketing: 'marketing_sms',
    staff: null,
  };
  return purposes[kind];
}
