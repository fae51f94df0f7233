import type { Journal, JournalEntry } from './journal.js';
import type { StateFilter } from './provider.js';

/** Twilio's message statuses that occur with SMS. */
export type MessageStatus =
  | 'accepted'
  | 'scheduled'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'received';

/** How the delivery of one message will go; decided when it is accepted, so that a restart does not change it. */
export interface DeliveryPlan {
  finalStatus: 'delivered' | 'undelivered' | 'failed' | 'sent';
  errorCode: number | null;
  /** null: as the settings say at that moment. */
  stepMs: number | null;
  callbacks: 'once' | 'twice' | 'lost';
}

/** What is known when a message is accepted. */
export interface AcceptedMessage {
  sid: string;
  direction: 'outbound-api' | 'inbound';
  to: string;
  from: string;
  body: string;
  numSegments: number;
  numMedia: number;
  messagingServiceSid: string | null;
  status: MessageStatus;
  statusCallback: string | null;
  /** ISO instant of a scheduled message. */
  sendAt: string | null;
  plan: DeliveryPlan;
}

/** One try to tell the app about a status; `httpStatus` is null when nobody answered. */
export interface CallbackAttempt {
  status: MessageStatus;
  url: string;
  httpStatus: number | null;
  error: string | null;
}

/** A message as it stands now; instants are ISO, real time. */
export interface Message extends AcceptedMessage {
  seq: number;
  at: string;
  updatedAt: string;
  sentAt: string | null;
  errorCode: number | null;
  deleted: boolean;
  callbacks: (CallbackAttempt & { at: string })[];
}

/** A recipient who said STOP to a sender. */
export interface OptOut {
  from: string;
  to: string;
  at: string;
}

/** Everything that can happen to the state; each is one line of the journal. */
export type TwilioFact =
  | { kind: 'twilio.message'; data: AcceptedMessage }
  | { kind: 'twilio.status'; data: { sid: string; status: MessageStatus; errorCode: number | null } }
  | { kind: 'twilio.callback'; data: CallbackAttempt & { sid: string } }
  | { kind: 'twilio.redacted'; data: { sid: string } }
  | { kind: 'twilio.deleted'; data: { sid: string } }
  | { kind: 'twilio.opt-out'; data: { from: string; to: string; optedOut: boolean } }
  | { kind: 'twilio.refused'; data: { to: string; from: string; code: number } };

/** Messages and opt-outs, as a fold of the journal: live and replayed facts take the same path. */
export class TwilioStore {
  private readonly messages = new Map<string, Message>();
  private readonly optOuts = new Map<string, OptOut>();

  constructor(private readonly journal: Journal) {}

  /** Written down first, then true. */
  record(fact: TwilioFact): void {
    const { seq, at } = this.journal.append(fact.kind, fact.data);
    this.apply(fact, seq, at);
  }

  replay(entry: JournalEntry): void {
    // Lines of these kinds are written by `record` alone.
    if (entry.kind.startsWith('twilio.')) this.apply(entry as JournalEntry & TwilioFact, entry.seq, entry.at);
  }

  /** Not deleted ones only, as the API sees it. */
  find(sid: string): Message | undefined {
    const message = this.messages.get(sid);
    return message?.deleted ? undefined : message;
  }

  /** Throws when there is none: for callers that have just recorded it. */
  get(sid: string): Message {
    const message = this.messages.get(sid);
    if (!message) throw new Error(`no message ${sid}`);
    return message;
  }

  newestFirst(): Message[] {
    return [...this.messages.values()].filter((message) => !message.deleted).reverse();
  }

  isOptedOut(from: string, to: string): boolean {
    return this.optOuts.has(pairOf(from, to));
  }

  snapshot(filter: StateFilter) {
    const shown = (message: Message) =>
      message.seq > filter.since && (filter.to === undefined || message.to === filter.to);
    const all = [...this.messages.values()].filter((message) => !message.deleted);
    return {
      sms: all.filter((message) => message.direction !== 'inbound' && shown(message)).map(viewOf),
      inbound: all.filter((message) => message.direction === 'inbound' && shown(message)).map(viewOf),
      optOuts: [...this.optOuts.values()].filter((pair) => filter.to === undefined || pair.to === filter.to),
    };
  }

  clear(): void {
    this.messages.clear();
    this.optOuts.clear();
  }

  private apply(fact: TwilioFact, seq: number, at: string): void {
    switch (fact.kind) {
      case 'twilio.message':
        this.messages.set(fact.data.sid, newMessage(fact.data, seq, at));
        break;
      case 'twilio.opt-out': {
        const { from, to, optedOut } = fact.data;
        if (optedOut) this.optOuts.set(pairOf(from, to), { from, to, at });
        else this.optOuts.delete(pairOf(from, to));
        break;
      }
      case 'twilio.refused':
        break;
      default: {
        const message = this.messages.get(fact.data.sid);
        if (message) change(message, fact, at);
      }
    }
  }
}

function newMessage(accepted: AcceptedMessage, seq: number, at: string): Message {
  return {
    ...accepted,
    seq,
    at,
    updatedAt: at,
    sentAt: null,
    errorCode: null,
    deleted: false,
    callbacks: [],
  };
}

type MessageChange = Extract<
  TwilioFact,
  { kind: 'twilio.status' | 'twilio.callback' | 'twilio.redacted' | 'twilio.deleted' }
>;

function change(message: Message, fact: MessageChange, at: string): void {
  if (fact.kind === 'twilio.callback') {
    const { sid: _, ...attempt } = fact.data;
    message.callbacks.push({ ...attempt, at });
    return;
  }
  message.updatedAt = at;
  if (fact.kind === 'twilio.status') {
    message.status = fact.data.status;
    message.errorCode = fact.data.errorCode;
    if (fact.data.status === 'sent') message.sentAt = at;
  } else {
    message.body = '';
    message.deleted ||= fact.kind === 'twilio.deleted';
  }
}

function pairOf(from: string, to: string): string {
  return `${from} ${to}`;
}

/** A text as `/__state` shows it. */
export type SmsView = ReturnType<typeof viewOf>;

function viewOf(message: Message) {
  const { seq, sid, to, from, body, status, errorCode, at, callbacks } = message;
  return { seq, sid, to, from, body, status, errorCode, at, callbacks };
}
