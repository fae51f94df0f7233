import type { BreakerState } from '../outbox/integration-status.service.js';
import type { MessageState } from './rules/status-rank.js';
import type { MessageChannel } from './text/families.js';
import type { ProviderMode } from '../config/config.js';

/** What a recipient's calendar is told of an appointment: that it is (`REQUEST`), anew after each move, or that it is off (`CANCEL`). */
export interface Invitation {
  readonly method: 'REQUEST' | 'CANCEL';
  /** The same for the whole life of a booking, so that a calendar changes the event it has. */
  readonly uid: string;
  /** Later words have a higher one. */
  readonly sequence: number;
  readonly start: Date;
  readonly end: Date;
  readonly summary: string;
  readonly location: string;
  readonly salon: string;
  readonly guest: { readonly name: string; readonly email: string };
  readonly saidAt: Date;
}

/** A rendered message on its way to the provider. */
export interface OutgoingMessage {
  /** Ours; travels with the message so that callbacks and e-mail Message-IDs carry it. */
  readonly id: string;
  readonly to: string;
  readonly subject: string | null;
  readonly body: string;
  /** For the recipient's calendar, where the way carries such a thing. */
  readonly invitation: Invitation | null;
}

/** The states a provider may report. */
export type ProviderState = Extract<
  MessageState,
  'queued' | 'accepted' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed'
>;

/** The provider took it: under which id, and how far it is. */
export interface Receipt {
  readonly providerId: string;
  readonly state: ProviderState;
}

/** A message as the provider remembers it. */
export interface KnownMessage extends Receipt {
  readonly body: string;
  readonly errorCode: number | null;
  readonly createdAt: Date;
}

/** What the text becomes on this way, and what it costs there; `segments` is null where there are none. */
export interface PreparedText {
  readonly body: string;
  readonly segments: number | null;
}

/**
 * A way messages travel: SMS, e-mail. Called outside any transaction, except `prepare`, which is pure. Every call gives up
 * after its own timeout and rejects with `ChannelFailure` and nothing else.
 */
export abstract class ChannelPort {
  abstract readonly channel: MessageChannel;
  abstract readonly mode: ProviderMode;
  /** Whether the same message handed over twice arrives as one, so that an unknown end may simply be tried again. */
  abstract readonly repeatIsHarmless: boolean;
  abstract readonly breaker: BreakerState;
  /** The text as it will be sent. */
  abstract prepare(text: string): PreparedText;
  /** Loads what the first `send` needs, which takes a while, so that the time that is left can be looked at right before it. Calls nobody. */
  abstract ready(): Promise<void>;
  abstract send(message: OutgoingMessage): Promise<Receipt>;
  /** Everything the provider took for this recipient since `since` (real time), newest first; null where none keeps a list. */
  abstract listSince(to: string, since: Date): Promise<KnownMessage[] | null>;
  /** The provider's present word on one message, or null when it knows nothing of it. */
  abstract fetch(providerId: string): Promise<KnownMessage | null>;
  /** Has the provider delete what it keeps of a message; one it does not know is deleted already. */
  abstract forget(providerId: string): Promise<void>;
  /** A code of the provider in words for staff, and whether it is worth one more try later. */
  abstract explain(errorCode: number | null): { readonly reason: string; readonly isPassing: boolean };
}
