import type { Message } from './entities/message.entity.js';
import { businessFacts, type Subject } from './message-facts.service.js';
import { bodyHash } from './rules/body-hash.js';
import { purposeOf } from './rules/consent.js';
import type { RecipientFacts } from './rules/plan.types.js';
import { allowedHoursOf } from './rules/quiet-hours.js';
import type { SendDecision } from './rules/sendable.js';

/** What was read about one message before its begin. */
export interface Judged {
  readonly message: Message;
  readonly subject: Subject;
  readonly recipient: RecipientFacts;
  readonly isQuietBound: boolean;
  readonly decision: SendDecision;
}

/** A text as the provider gets it, how many segments it takes, and what is kept of it. */
export interface WrittenText {
  readonly body: string;
  readonly segments: number | null;
  readonly kept: { readonly subject: string | null; readonly body: string };
}

/** What the statement that begins an attempt judges once more, in its order. */
export function beginValues(
  { message, subject, recipient, isQuietBound }: Judged,
  { body, segments, kept }: WrittenText,
  attemptId: string,
): unknown[] {
  const hours = allowedHoursOf(recipient, businessFacts(subject.business));
  const booking = [subject.booking?.status ?? null, subject.booking?.revision ?? null];
  const consent = [purposeOf(message), message.class !== 'marketing'];
  const quiet = [isQuietBound, hours.zone, hours.from, hours.to];
  const text = [kept.body, bodyHash(body), segments, kept.subject];
  return [message.id, ...booking, ...consent, ...quiet, ...text, attemptId];
}
