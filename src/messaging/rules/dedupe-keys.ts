import { createHash } from 'node:crypto';
import type { MessageChannel } from '../text/families.js';

/**
 * The unique keys of messages: they make a second plan of the same message do nothing. Where one event has a text and an
 * e-mail, each key ends in its channel (`…:sms`, `…:email`); reminders, refunds and staff notices go one way only and have no ending.
 */
export const DEDUPE = {
  confirm: (bookingId: string, revision: number, channel: MessageChannel) =>
    `confirm:${bookingId}:${revision}:${channel}`,
  remind: (bookingId: string, lead: '24h' | '2h', revision: number) =>
    `remind:${bookingId}:${lead}:${revision}`,
  moved: (bookingId: string, revision: number, channel: MessageChannel) =>
    `moved:${bookingId}:${revision}:${channel}`,
  cancel: (bookingId: string, channel: MessageChannel) => `cancel:${bookingId}:${channel}`,
  payNudge: (bookingId: string) => `pay-nudge:${bookingId}`,
  paid: (bookingId: string, channel: MessageChannel) => `paid:${bookingId}:${channel}`,
  late: (paymentId: string, channel: MessageChannel) => `late:${paymentId}:${channel}`,
  refund: (refundId: string, state: string) => `refund:${refundId}:${state}`,
  /** Hashed, because keys are logged and the contact is personal; SHA-256 of the E.164 number or lower-case address, in hex. */
  welcome: (contact: string, channel: MessageChannel) =>
    `welcome:${createHash('sha256').update(contact).digest('hex')}:${channel}`,
  code: (codeId: string) => `code:${codeId}`,
  contactChanged: (codeId: string) => `contact-changed:${codeId}`,
  contactJoined: (guestId: string, channel: MessageChannel) => `contact-joined:${guestId}:${channel}`,
  erasureAsked: (requestId: string, channel: MessageChannel) => `erasure-asked:${requestId}:${channel}`,
  staff: (accountId: string, eventId: string) => `staff:${accountId}:${eventId}`,
} as const;
