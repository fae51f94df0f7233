import { randomBytes } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';
import { SANDBOX_TWILIO } from './credentials.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { SandboxSettings } from './settings.js';
import type { AcceptedMessage, TwilioStore } from './twilio-store.js';
import { postForm, twilioSignature, type WebhookResult } from './webhook-post.js';

/** The carrier's own words, matched against the whole text whatever its case. */
const STOP_WORDS = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'];
const START_WORDS = ['START', 'UNSTOP', 'YES'];

/** A text from a customer's phone. */
export interface InboundText {
  from: string;
  /** The salon's number; the sandbox's own when left out. */
  to?: string;
  body: string;
}

/** What became of it: whether the carrier opted the sender out or in, and what the app's webhook answered. */
export interface InboundResult {
  sid: string;
  optOut: 'STOP' | 'START' | null;
  webhook: WebhookResult;
}

/** `POST /__inbound`: a customer answers by text. The carrier acts on its own words first, then the app is told. */
export async function receiveText(
  call: HttpCall,
  store: TwilioStore,
  settings: SandboxSettings,
): Promise<HttpAnswer> {
  const text = parseInbound(JSON.parse(call.body));
  const message = inboundMessage(text);
  store.record({ kind: 'twilio.message', data: message });
  const optOut = keywordOf(text.body);
  if (optOut !== null) {
    const pair = { from: message.to, to: message.from, optedOut: optOut === 'STOP' };
    store.record({ kind: 'twilio.opt-out', data: pair });
  }
  const result: InboundResult = { sid: message.sid, optOut, webhook: await tellApp(message, settings) };
  return { status: 200, json: result };
}

function keywordOf(body: string): 'STOP' | 'START' | null {
  const word = body.trim().toUpperCase();
  if (STOP_WORDS.includes(word)) return 'STOP';
  return START_WORDS.includes(word) ? 'START' : null;
}

async function tellApp(message: AcceptedMessage, settings: SandboxSettings): Promise<WebhookResult> {
  if (settings.publicUrl === null) return { status: null, body: '', error: 'no publicUrl configured' };
  const url = `${settings.publicUrl}/webhooks/twilio/inbound`;
  const params = {
    AccountSid: SANDBOX_TWILIO.accountSid,
    ApiVersion: '2010-04-01',
    Body: message.body,
    From: message.from,
    FromCity: '',
    FromCountry: message.from.startsWith('+1') ? 'US' : '',
    MessageSid: message.sid,
    NumMedia: '0',
    NumSegments: String(message.numSegments),
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: 'received',
    To: message.to,
    ToCountry: 'US',
  };
  const signature = twilioSignature(SANDBOX_TWILIO.authToken, url, params);
  return postForm(url, params, { 'x-twilio-signature': signature });
}

function inboundMessage(text: InboundText): AcceptedMessage {
  return {
    sid: `SM${randomBytes(16).toString('hex')}`,
    direction: 'inbound',
    to: text.to ?? SANDBOX_TWILIO.phoneNumber,
    from: text.from,
    body: text.body,
    numSegments: new SegmentedMessage(text.body).segmentsCount,
    numMedia: 0,
    messagingServiceSid: null,
    status: 'received',
    statusCallback: null,
    sendAt: null,
    plan: { finalStatus: 'delivered', errorCode: null, stepMs: null, callbacks: 'lost' },
  };
}

function parseInbound(value: unknown): InboundText {
  if (typeof value !== 'object' || value === null) throw new TypeError('expected { from, to?, body }');
  const { from, to, body }: Partial<Record<keyof InboundText, unknown>> = value;
  if (typeof from !== 'string' || typeof body !== 'string') throw new TypeError('from and body are texts');
  if (to !== undefined && typeof to !== 'string') throw new TypeError('to is a text');
  return to === undefined ? { from, body } : { from, to, body };
}
