import { ChannelFailure } from '../messaging/channel.errors.js';

/** Errors before the message itself was sent: no connection, no name, no sign-in. */
const NEVER_SENT = new Set([
  'ECONNECTION',
  'EDNS',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAUTH',
  'ETLS',
  'EENVELOPE',
]);

interface SmtpError {
  readonly code?: unknown;
  readonly responseCode?: unknown;
}

/**
 * Judges a failed delivery: a 4xx reply means later, a 5xx reply never, no reply at all that nobody knows. Refused credentials
 * are tried again, because the owner may correct them before the message is out of date.
 */
export function smtpFailure(error: unknown): ChannelFailure {
  const { code, responseCode }: SmtpError = typeof error === 'object' && error !== null ? error : {};
  const reply = typeof responseCode === 'number' ? responseCode : null;
  if (code === 'EAUTH')
    return new ChannelFailure({
      kind: 'retry',
      code: reply,
      reason: 'The mail server refuses our credentials. Check SMTP_URL.',
    });
  if (reply !== null && reply >= 500) {
    return new ChannelFailure({
      kind: 'permanent',
      code: reply,
      reason: `The mail server refused the message or its recipient (${reply}). Check the address.`,
    });
  }
  if (reply !== null)
    return new ChannelFailure({
      kind: 'retry',
      code: reply,
      reason: `The mail server asked us to come back later (${reply}).`,
    });
  const isUnsent = NEVER_SENT.has(String(code));
  return isUnsent
    ? new ChannelFailure({ kind: 'retry', reason: 'The mail server cannot be reached.' })
    : new ChannelFailure({ kind: 'unknown', reason: 'The mail server did not answer.' });
}
