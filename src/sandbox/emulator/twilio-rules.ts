import { SANDBOX_TWILIO } from './credentials.js';
import { isHttpUrl } from './settings.js';
import type { TwilioRefusal } from './twilio-errors.js';

const MAX_BODY = 1600;
const E164 = /^\+[1-9]\d{6,14}$/;
const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/;
const MIN_AHEAD_MS = 300_000;
const MAX_AHEAD_MS = 35 * 86_400_000;

/** Twilio's documented test numbers, by their last digit: what sending to them is refused with. */
const MAGIC_RECIPIENTS: Record<string, TwilioRefusal> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};
const MAGIC_SENDERS: Record<string, TwilioRefusal> = {
  '+15005550001': 21212,
  '+15005550007': 21606,
  '+15005550008': 21611,
};

/** A message somebody wants to send, out of the form. */
export interface MessageRequest {
  to: string;
  from: string;
  body: string;
  mediaCount: number;
  messagingServiceSid: string | null;
  statusCallback: string | null;
  isScheduled: boolean;
  sendAt: string | null;
}

/** Reads the form; a messaging service may also be named as the sender. */
export function readMessageRequest(form: URLSearchParams): MessageRequest {
  const from = form.get('From') ?? '';
  const service = form.get('MessagingServiceSid') ?? (MESSAGING_SERVICE.test(from) ? from : null);
  return {
    to: form.get('To') ?? '',
    from: service === null ? from : SANDBOX_TWILIO.phoneNumber,
    body: form.get('Body') ?? '',
    mediaCount: form.getAll('MediaUrl').length,
    messagingServiceSid: service,
    statusCallback: form.get('StatusCallback'),
    isScheduled: form.get('ScheduleType') === 'fixed',
    sendAt: form.get('SendAt'),
  };
}

/** The first reason to refuse a message, or null; what depends on the recipient's opt-out comes last. */
export function refusalOf(request: MessageRequest, isOptedOut: boolean, nowMs: number): TwilioRefusal | null {
  return (
    refusalOfForm(request) ??
    refusalOfSchedule(request, nowMs) ??
    refusalOfSender(request) ??
    MAGIC_RECIPIENTS[request.to] ??
    (isOptedOut ? 21610 : null)
  );
}

function refusalOfForm(request: MessageRequest): TwilioRefusal | null {
  if (request.to === '') return 21604;
  if (request.from === '') return 21603;
  if (request.body === '' && request.mediaCount === 0) return 21602;
  if (request.body.length > MAX_BODY) return 21617;
  if (!E164.test(request.to)) return 21211;
  if (request.statusCallback !== null && !isHttpUrl(request.statusCallback)) return 21609;
  return null;
}

function refusalOfSchedule(request: MessageRequest, nowMs: number): TwilioRefusal | null {
  if (!request.isScheduled) return null;
  if (request.messagingServiceSid === null) return 35118;
  if (request.sendAt === null) return 35111;
  const ahead = Date.parse(request.sendAt) - nowMs;
  return ahead >= MIN_AHEAD_MS && ahead <= MAX_AHEAD_MS ? null : 35114;
}

function refusalOfSender(request: MessageRequest): TwilioRefusal | null {
  if (request.messagingServiceSid !== null) {
    return MESSAGING_SERVICE.test(request.messagingServiceSid) ? null : 21606;
  }
  if (request.from === SANDBOX_TWILIO.phoneNumber) return null;
  return MAGIC_SENDERS[request.from] ?? (E164.test(request.from) ? 21606 : 21212);
}
