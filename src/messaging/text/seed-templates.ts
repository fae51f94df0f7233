import { LANGUAGE, templateKey, type MessageChannel, type TemplateName } from './families.js';
import { SEED_ACCOUNT_EMAILS, SEED_EMAILS, SEED_MONEY_EMAILS, SEED_STAFF_EMAILS } from './seed-emails.js';
import { SEED_TEXTS } from './seed-texts.js';

/** A template as the salon finds it after installing: version 1, published. */
export interface SeedTemplate {
  /** e.g. `sms.booking_confirmed.en` */
  readonly key: string;
  readonly name: TemplateName;
  readonly channel: MessageChannel;
  /** BCP 47. */
  readonly language: string;
  /** Null for text messages. */
  readonly subject: string | null;
  readonly body: string;
}

/** Every template the product ships with; what staff write are versions 2 and up. */
export const SEED_TEMPLATES: readonly SeedTemplate[] = [
  ...SEED_TEXTS.map(([name, body]) => seed('sms', name, { subject: null, body })),
  ...SEED_EMAILS.map(([name, text]) => seed('email', name, text)),
  ...SEED_ACCOUNT_EMAILS.map(([name, text]) => seed('email', name, text)),
  ...SEED_MONEY_EMAILS.map(([name, text]) => seed('email', name, text)),
  ...SEED_STAFF_EMAILS.map(([name, text]) => seed('email', name, text)),
];

function seed(
  channel: MessageChannel,
  name: TemplateName,
  text: { readonly subject: string | null; readonly body: string },
): SeedTemplate {
  const { subject, body } = text;
  return { key: templateKey(channel, name, LANGUAGE), name, channel, language: LANGUAGE, subject, body };
}
