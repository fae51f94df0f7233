import type { DomainEvent } from '../outbox/outbox.types.js';

/** Who turns facts into messages; the names are kept in outbox rows. */
export const PLAN_HANDLER = 'messaging.plan';
export const MONEY_PLAN_HANDLER = 'messaging.plan-money';

/** An order to send one message when it is due. */
export function messageSend(messageId: string, dueAt: Date): DomainEvent {
  return { topic: 'message.send', payload: { messageId }, dedupeKey: messageId, dueAt };
}

/** The same for what somebody waits for: it does not stand in line behind reminders. */
export function messageSendNow(messageId: string): DomainEvent {
  return { topic: 'message.send-now', payload: { messageId }, dedupeKey: messageId };
}

/** Nobody looks after a message that was begun: finds out what became of it; once an hour. */
export function messageResolve(messageId: string, hour: string): DomainEvent {
  return { topic: 'message.send', payload: { messageId }, dedupeKey: `${messageId}:${hour}` };
}

/** An order to have the provider delete what it keeps of a message. */
export function messageForget(messageId: string): DomainEvent {
  return { topic: 'message.forget', payload: { messageId }, dedupeKey: messageId };
}

/** An order to ask the provider how far a message is; once an hour. */
export function messagePoll(messageId: string, hour: string): DomainEvent {
  return { topic: 'message.poll', payload: { messageId }, dedupeKey: `${messageId}:${hour}` };
}
