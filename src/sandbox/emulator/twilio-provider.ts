import { SANDBOX_TWILIO } from './credentials.js';
import type { Fault } from './faults.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { Journal, JournalEntry } from './journal.js';
import type { ControlHandler, HttpProvider, StateFilter } from './provider.js';
import type { SandboxSettings } from './settings.js';
import { TwilioDelivery } from './twilio-delivery.js';
import { refuse, refuseWith } from './twilio-errors.js';
import { receiveText } from './twilio-inbound.js';
import { TwilioMessages } from './twilio-messages.js';
import { accountResource, numberPage } from './twilio-resource.js';
import { TwilioStore } from './twilio-store.js';
import { closeIdleConnections } from './webhook-post.js';

const ROOT = '/2010-04-01/';
const NUMBERS = /^\/2010-04-01\/Accounts\/([^/.]+)\/IncomingPhoneNumbers\.json$/;
const ROUTE = /^\/2010-04-01\/Accounts\/([^/.]+)(\/Messages(?:\/((?:SM|MM)[0-9a-f]{32}))?)?\.json$/;

/** Twilio's Messages API as the official SDK speaks it. */
export class TwilioProvider implements HttpProvider {
  readonly name = 'twilio';
  readonly controls: Record<string, ControlHandler>;
  private readonly store: TwilioStore;
  private readonly delivery: TwilioDelivery;
  private readonly messages: TwilioMessages;
  private readonly startedAt = new Date().toISOString();

  constructor(
    journal: Journal,
    private readonly settings: SandboxSettings,
  ) {
    this.store = new TwilioStore(journal);
    this.delivery = new TwilioDelivery(this.store, settings);
    this.messages = new TwilioMessages(this.store, this.delivery);
    this.controls = { 'POST /__inbound': (call) => receiveText(call, this.store, settings) };
  }

  owns(path: string): boolean {
    return path.startsWith(ROOT);
  }

  recipientOf(call: HttpCall): string | undefined {
    const sid = ROUTE.exec(call.path)?.[3];
    if (sid !== undefined) return this.store.find(sid)?.to;
    return (call.method === 'GET' ? call.query : new URLSearchParams(call.body)).get('To') ?? undefined;
  }

  handle(call: HttpCall, fault: Fault | undefined): HttpAnswer {
    if (!isAuthentic(call)) return refuse(20003);
    if (NUMBERS.exec(call.path)?.[1] === SANDBOX_TWILIO.accountSid) return this.numbers(call);
    const [isKnown, account, list, sid] = ROUTE.exec(call.path) ?? [];
    if (!isKnown || account !== SANDBOX_TWILIO.accountSid) return refuse(20404);
    if (sid !== undefined) return this.handleMessage(call, sid);
    if (list !== undefined) return this.handleList(call, fault);
    return call.method === 'GET' ? { status: 200, json: accountResource(this.startedAt) } : refuse(20004);
  }

  refusal(status: number, { code }: Fault): HttpAnswer {
    return refuseWith(status, code);
  }

  replay(entry: JournalEntry): void {
    this.store.replay(entry);
  }

  resume(): void {
    for (const message of this.store.newestFirst().reverse()) this.delivery.start(message);
  }

  snapshot(filter: StateFilter) {
    return this.store.snapshot(filter);
  }

  reset(): void {
    this.delivery.stop();
    this.store.clear();
    closeIdleConnections();
  }

  private handleList(call: HttpCall, fault: Fault | undefined): HttpAnswer {
    if (call.method === 'GET') return this.messages.list(call.query);
    return call.method === 'POST'
      ? this.messages.create(new URLSearchParams(call.body), fault)
      : refuse(20004);
  }

  private numbers({ method, query }: HttpCall): HttpAnswer {
    const { publicUrl } = this.settings;
    const inbound = publicUrl === null ? null : `${publicUrl}/webhooks/twilio/inbound`;
    return method === 'GET' ? { status: 200, json: numberPage(query, inbound) } : refuse(20004);
  }

  private handleMessage(call: HttpCall, sid: string): HttpAnswer {
    const message = this.store.find(sid);
    if (message === undefined) return refuse(20404);
    if (call.method === 'GET') return this.messages.fetch(message);
    if (call.method === 'POST') return this.messages.update(message, new URLSearchParams(call.body));
    return call.method === 'DELETE' ? this.messages.remove(message) : refuse(20004);
  }
}

function isAuthentic(call: HttpCall): boolean {
  const { accountSid, authToken } = SANDBOX_TWILIO;
  const expected = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return call.headers.authorization === `Basic ${expected}`;
}
