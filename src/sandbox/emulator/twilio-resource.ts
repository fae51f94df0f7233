import { SANDBOX_TWILIO } from './credentials.js';
import type { Message } from './twilio-store.js';

const API_VERSION = '2010-04-01';
const ACCOUNT_URI = `/${API_VERSION}/Accounts/${SANDBOX_TWILIO.accountSid}`;
const MAX_PAGE_SIZE = 1000;
const DEFAULT_PAGE_SIZE = 50;

/** A message in the wire format of the 2010-04-01 API. */
export function messageResource(message: Message) {
  const uri = `${ACCOUNT_URI}/Messages/${message.sid}`;
  return {
    account_sid: SANDBOX_TWILIO.accountSid,
    api_version: API_VERSION,
    body: message.body,
    date_created: rfc2822(message.at),
    date_sent: message.sentAt && rfc2822(message.sentAt),
    date_updated: rfc2822(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    // A messaging service picks its sender only when it takes the message out of its own queue.
    from: message.status === 'accepted' || message.status === 'scheduled' ? null : message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.numMedia),
    num_segments: String(message.numSegments),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** The account itself; what a client fetches to see whether its credentials work. */
export function accountResource(since: string) {
  return {
    auth_token: SANDBOX_TWILIO.authToken,
    date_created: rfc2822(since),
    date_updated: rfc2822(since),
    friendly_name: 'Sandbox',
    owner_account_sid: SANDBOX_TWILIO.accountSid,
    sid: SANDBOX_TWILIO.accountSid,
    status: 'active',
    subresource_uris: { messages: `${ACCOUNT_URI}/Messages.json` },
    type: 'Trial',
    uri: `${ACCOUNT_URI}.json`,
  };
}

/** Numbers of the account that are asked for: its only one, or none. */
export function numberPage(query: URLSearchParams, inboundUrl: string | null) {
  const { accountSid, phoneNumber } = SANDBOX_TWILIO;
  const asked = query.get('PhoneNumber');
  const uri = `${ACCOUNT_URI}/IncomingPhoneNumbers`;
  const number = {
    account_sid: accountSid,
    api_version: API_VERSION,
    capabilities: { fax: false, mms: true, sms: true, voice: true },
    friendly_name: 'Sandbox',
    phone_number: phoneNumber,
    sid: `PN${accountSid.slice(2)}`,
    sms_method: 'POST',
    sms_url: inboundUrl ?? '',
    status: 'in-use',
    uri: `${uri}/PN${accountSid.slice(2)}.json`,
  };
  const isOurs = asked === null || phoneNumber.includes(asked);
  return {
    ...{ end: 0, first_page_uri: `${uri}.json`, incoming_phone_numbers: isOurs ? [number] : [] },
    ...{ next_page_uri: null, page: 0, page_size: DEFAULT_PAGE_SIZE, previous_page_uri: null, start: 0 },
    uri: `${uri}.json`,
  };
}

/**
 * One page of a list. The token names the last message of the page before, so that messages sent meanwhile neither
 * repeat nor hide an entry; a bare `Page` counts from the newest.
 */
export function messagePage(newestFirst: readonly Message[], query: URLSearchParams) {
  const matching = newestFirst.filter((message) => isAsked(message, query));
  const size = Math.min(wholeNumber(query.get('PageSize')) || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const page = wholeNumber(query.get('Page'));
  const after = query.get('PageToken')?.replace(/^PA/, '');
  const start = after ? matching.findIndex((message) => message.sid === after) + 1 : page * size;
  const messages = matching.slice(start, start + size);
  const last = messages.at(-1);
  const hasMore = start + size < matching.length;
  return {
    end: start + Math.max(messages.length - 1, 0),
    first_page_uri: pageUri(query, size, 0),
    messages: messages.map(messageResource),
    next_page_uri: hasMore && last ? pageUri(query, size, page + 1, `PA${last.sid}`) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? pageUri(query, size, page - 1) : null,
    start,
    uri: pageUri(query, size, page, query.get('PageToken')),
  };
}

function pageUri(query: URLSearchParams, size: number, page: number, token: string | null = null): string {
  const next = new URLSearchParams(query);
  next.set('PageSize', String(size));
  next.set('Page', String(page));
  if (token) next.set('PageToken', token);
  else next.delete('PageToken');
  return `${ACCOUNT_URI}/Messages.json?${next.toString()}`;
}

function isAsked(message: Message, query: URLSearchParams): boolean {
  const [to, from] = [query.get('To'), query.get('From')];
  const [on, before, after] = [query.get('DateSent'), query.get('DateSent<'), query.get('DateSent>')];
  const sent = message.sentAt === null ? NaN : Date.parse(message.sentAt);
  return (
    (to === null || message.to === to) &&
    (from === null || message.from === from) &&
    (on === null || message.sentAt?.slice(0, 10) === on.slice(0, 10)) &&
    (before === null || sent <= Date.parse(before)) &&
    (after === null || sent >= Date.parse(after))
  );
}

function wholeNumber(text: string | null): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function rfc2822(iso: string): string {
  return new Date(iso).toUTCString().replace('GMT', '+0000');
}
