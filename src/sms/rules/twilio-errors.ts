/**
 * What a Twilio code means for us. `permanent`: this number will not get this message. `retry`: try the same again later.
 * `config`: our account or sender is at fault, so every message is. `opted-out`: the person said STOP.
 */
export type TwilioErrorKind = 'permanent' | 'retry' | 'config' | 'opted-out' | 'unknown';

/** A code in words for staff: what happened, and what they can do about it. */
export interface TwilioErrorText {
  readonly kind: TwilioErrorKind;
  readonly reason: string;
  readonly advice: string;
}

const says = (kind: TwilioErrorKind, reason: string, advice: string): TwilioErrorText => ({
  kind,
  reason,
  advice,
});

const CHECK_NUMBER = 'Check the number with the customer, or use e-mail.';
const CHECK_SENDER = 'Check TWILIO_PHONE_NUMBER against the numbers of the Twilio account.';
const TELL_DEVELOPERS = 'This is a fault of the software: please report it with the code.';

/** Codes of the create call (2xxxx) and of status callbacks (3xxxx), https://www.twilio.com/docs/api/errors. */
const TWILIO_ERRORS: ReadonlyMap<number, TwilioErrorText> = new Map([
  [
    20003,
    says('config', 'Twilio refuses our credentials.', 'Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.'),
  ],
  [
    20404,
    says('config', 'Twilio does not know the account or message we named.', 'Check TWILIO_ACCOUNT_SID.'),
  ],
  [20429, says('retry', 'Twilio is taking too many requests from us.', 'Nothing to do: it is tried again.')],
  [21211, says('permanent', 'The phone number is not valid.', CHECK_NUMBER)],
  [21212, says('config', 'The sender number is not valid.', CHECK_SENDER)],
  [
    21408,
    says(
      'permanent',
      'Text messages to that country are switched off in the Twilio account.',
      'Allow the country in Twilio under Geo permissions, or use e-mail.',
    ),
  ],
  [21602, says('permanent', 'The message had no text.', TELL_DEVELOPERS)],
  [21603, says('config', 'The message had no sender number.', CHECK_SENDER)],
  [21604, says('permanent', 'The message had no recipient.', TELL_DEVELOPERS)],
  [
    21606,
    says('config', 'The sender number does not belong to the account or cannot send texts.', CHECK_SENDER),
  ],
  [
    21610,
    says(
      'opted-out',
      'The recipient has opted out of our texts.',
      'Only they can opt in again, by texting START. Use e-mail.',
    ),
  ],
  [
    21611,
    says(
      'retry',
      'The queue of the sender number is full.',
      'Nothing to do: it is tried again. If it stays, add sender numbers in Twilio.',
    ),
  ],
  [21612, says('permanent', 'No route leads from our number to theirs.', CHECK_NUMBER)],
  [21614, says('permanent', 'The number is not a mobile phone.', CHECK_NUMBER)],
  [21617, says('permanent', 'The message is longer than 1600 characters.', 'Shorten the template.')],
  [
    30003,
    says(
      'retry',
      'The phone is switched off or out of reach.',
      'Nothing to do: it is tried once more. Otherwise call.',
    ),
  ],
  [30005, says('permanent', 'The number does not exist or is no longer in use.', CHECK_NUMBER)],
  [30006, says('permanent', 'The number is a landline or its carrier cannot be reached.', CHECK_NUMBER)],
  [
    30007,
    says(
      'permanent',
      'The carrier filtered the message as spam.',
      'Review the wording of the template, links above all.',
    ),
  ],
  [
    30008,
    says(
      'unknown',
      'The carrier did not say why the message failed.',
      'Call or write an e-mail if it matters.',
    ),
  ],
  [
    30034,
    says(
      'config',
      'The sender number is not registered for business texts in the USA (A2P 10DLC).',
      'Register brand and campaign in Twilio.',
    ),
  ],
]);

/** The words for a code of Twilio; codes without words of their own, and none at all, have a general answer. */
export function twilioError(code: number | null | undefined): TwilioErrorText {
  const known = code === null || code === undefined ? undefined : TWILIO_ERRORS.get(code);
  if (known) return known;
  const name = code ? `error ${code}` : 'an error without a code';
  const advice = code
    ? `See https://www.twilio.com/docs/api/errors/${code}.`
    : 'Look at the message in the Twilio console.';
  return says('unknown', `Twilio reported ${name}.`, advice);
}
