import type { DomainEvent } from '../outbox/outbox.types.js';

/** Twilio reported how far a message is. Ids and codes only. */
export interface StatusReport {
  readonly messageId: string | null;
  readonly providerId: string;
  readonly status: string;
  readonly errorCode: number | null;
}

/** A verified report that a text failed, which other messages may follow, waits to be applied. */
export function smsStatus(report: StatusReport): DomainEvent {
  return { topic: 'sms.status', payload: { ...report } };
}

/** A customer's text, written down already, waits to be acted upon. */
export function smsInbound(messageId: string): DomainEvent {
  return { topic: 'sms.inbound', payload: { messageId }, dedupeKey: messageId };
}
