import type { ChannelPort } from './channel.port.js';
import type { BegunAttempt } from './pipeline.types.js';
import type { Message } from './entities/message.entity.js';
import { bookingFacts, businessFacts, keepsItsAddress, type Subject } from './message-facts.service.js';
import type { RenderedText } from './message-text.service.js';
import { bodyHash } from './rules/body-hash.js';
import { purposeOf } from './rules/consent.js';
import { invitationFor } from './rules/invitation.js';
import type { Cause, RecipientFacts } from './rules/plan.types.js';
import { allowedHoursOf, isBoundByQuietHours } from './rules/quiet-hours.js';
import { sendable, type SendDecision } from './rules/sendable.js';
import { MOST_PER_NUMBER } from './spend-guard.service.js';

/** What was read about one message before its begin. */
export interface Known {
  readonly message: Message;
  readonly subject: Subject;
  readonly recipient: RecipientFacts;
  /** Of a cancellation; null elsewhere. */
  readonly cause: Cause | null;
}

/** What is known, and what follows from it. */
export interface Judged extends Known {
  readonly isQuietBound: boolean;
  readonly decision: SendDecision;
}

/** A text as the provider gets it, how many segments it takes, and what is kept of it. */
export interface WrittenText {
  readonly body: string;
  readonly segments: number | null;
  readonly kept: { readonly subject: string | null; readonly body: string };
}

/** Whether the message goes out now. */
export function judge(known: Known, now: Date): Judged {
  const { message, subject, recipient, cause } = known;
  const { family } = message;
  if (family === 'inbound') throw new Error('a message to us cannot be sent');
  const { booking, business } = subject;
  const facts = {
    booking: booking && bookingFacts(booking),
    recipient,
    business: businessFacts(business),
    cause,
  };
  const startsAt = booking?.startsAt ?? null;
  const isQuietBound = isBoundByQuietHours({ family, class: message.class }, { cause, startsAt, now });
  const { channel, revision, dueAt, expiresAt } = message;
  const toSend = { family, class: message.class, channel, revision, dueAt, expiresAt };
  return { ...known, isQuietBound, decision: sendable(toSend, facts, now) };
}

/** A rendered text made ready for its way. */
export function written(channel: ChannelPort, { body: text, kept }: RenderedText): WrittenText {
  const { body, segments } = channel.prepare(text);
  const keptBody = kept.body === text ? body : channel.prepare(kept.body).body;
  return { body, segments, kept: { subject: kept.subject, body: keptBody } };
}

/** What the statement that begins an attempt judges once more, in its order. */
export function beginValues(
  { message, subject, recipient, isQuietBound }: Judged,
  { body, segments, kept }: WrittenText,
  attemptId: string,
): unknown[] {
  const hours = allowedHoursOf(recipient, businessFacts(subject.business));
  const { status = null, revision = null, version = null } = subject.booking ?? {};
  const consent = [purposeOf(message), message.class !== 'marketing'];
  const quiet = [isQuietBound, hours.zone, hours.from, hours.to];
  const text = [kept.body, bodyHash(body), segments, kept.subject];
  const recipientId = keepsItsAddress(message) ? null : (subject.customer?.id ?? null);
  const most = message.channel === 'sms' && message.automatic ? MOST_PER_NUMBER : null;
  return [message.id, status, revision, ...consent, ...quiet, ...text, attemptId, version, recipientId, most];
}

/** What the call to the provider takes over from the begin. `host` is that of `PUBLIC_URL`, `begunAtMs` of `performance.now()`. */
export function begunAttempt(
  { message, subject: { booking, customer, business } }: Judged,
  { subject, body }: Pick<RenderedText, 'subject' | 'body'>,
  { attemptId, begunAtMs, host, now }: { attemptId: string; begunAtMs: number; host: string; now: Date },
): BegunAttempt {
  const { id, toAddress: to, channel, family } = message;
  const guest = customer && { name: customer.name, email: to };
  const invitation =
    channel === 'email' && family !== 'inbound' && booking && guest
      ? invitationFor(family, { booking, guest, business, host, now })
      : null;
  return { attemptId, channel, begunAtMs, outgoing: { id, to, subject, body, invitation } };
}
