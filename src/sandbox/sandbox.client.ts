import type { FaultReport, FaultRule } from './emulator/faults.js';
import type { CalendarOutcome, EventView } from './emulator/google-controls.js';
import type { Channel } from './emulator/google-store.js';
import type { EmailView } from './emulator/mailbox.js';
import type { DisputeOutcome, PaymentOutcome, RefundOutcome } from './emulator/stripe-controls.js';
import type { PaymentView } from './emulator/stripe-view.js';
import type { InboundResult, InboundText } from './emulator/twilio-inbound.js';
import type { OptOut, SmsView } from './emulator/twilio-store.js';
import type { JournalEntry } from './emulator/journal.js';
import type { WebhookResult } from './emulator/webhook-post.js';

/** What was sent to whom, oldest first; `seq` is the cursor for the next `since`. */
export interface SandboxState {
  seq: number;
  sms: SmsView[];
  inbound: SmsView[];
  emails: EmailView[];
  optOuts: OptOut[];
  payments: PaymentView[];
  events: EventView[];
  /** Who is told when a calendar changes. */
  channels: Channel[];
}

/** The rules in force, and how many answers are being held back. */
export interface SandboxFaults {
  rules: FaultReport[];
  held: number;
}

/** Which payment is meant: by its own id, by its checkout's, or the newest fitting one of a booking (its metadata say so). */
export type PaymentTarget = { paymentIntent: string } | { session: string } | { bookingId: string };

/** An event of a calendar; of the salon's own where none is named. */
export interface EventTarget {
  calendarId?: string;
  eventId: string;
}

/** Instants with their offsets, or days. */
export interface EventTimes {
  start: string;
  end: string;
}

/** What a person writes into a calendar. */
export interface NewEvent extends EventTimes {
  calendarId?: string;
  summary?: string;
  transparency?: 'opaque' | 'transparent';
}

/** What the app tells the sandbox: where its webhooks are, and the milliseconds between two delivery steps. */
export interface SandboxConfig {
  publicUrl?: string;
  stepMs?: number;
}

/** The sandbox refuses what it was asked: 404, there is no such thing; 400, it cannot be done as things are. */
export class SandboxRefusal extends Error {
  constructor(
    request: string,
    readonly status: number,
    readonly reason: string,
  ) {
    super(`sandbox: ${request} answered ${status} ${reason}`);
  }
}

/** Drives a running sandbox over its control routes. Every method throws when the sandbox is down or refuses. */
export class SandboxClient {
  constructor(private readonly httpBase: string) {}

  /** Answers with the emulator's pid, data directory and ports. */
  health(): Promise<{ status: string; pid: number; dataDir: string; port: number; smtpPort: number }> {
    return this.json('GET', '/__health');
  }

  /** `to` is one recipient; `since` the `seq` of an earlier answer. */
  state(filter: { to?: string; since?: number } = {}): Promise<SandboxState> {
    const query = new URLSearchParams();
    if (filter.to !== undefined) query.set('to', filter.to);
    if (filter.since !== undefined) query.set('since', String(filter.since));
    return this.json('GET', `/__state?${query.toString()}`);
  }

  /** The journal from a byte offset on; `next` is where to go on. */
  async log(from = 0): Promise<{ entries: JournalEntry[]; next: number }> {
    const response = await this.call('GET', `/__log?from=${from}`);
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    // The journal is written by the emulator, one JournalEntry a line.
    const entries = lines.map((line) => JSON.parse(line) as JournalEntry);
    return { entries, next: Number(response.headers.get('x-next-offset')) };
  }

  /** Replaces all rules. */
  faults(rules: FaultRule[]): Promise<SandboxFaults> {
    return this.json('POST', '/__faults', { rules });
  }

  listFaults(): Promise<SandboxFaults> {
    return this.json('GET', '/__faults');
  }

  /** Answers held back are let go as well. */
  async clearFaults(): Promise<void> {
    await this.call('DELETE', '/__faults');
  }

  /** Lets go the answers held back, and leaves the rules. */
  release(): Promise<{ released: number }> {
    return this.json('POST', '/__release');
  }

  /** A customer sends a text; resolves when the app's webhook has answered. */
  inbound(text: InboundText): Promise<InboundResult> {
    return this.json('POST', '/__inbound', text);
  }

  /** Where Stripe's events are posted to from now on; null: nobody listens. Survives a reset, as the configuration does. */
  registerStripeEndpoint(url: string | null): Promise<{ url: string | null }> {
    return this.json('POST', '/__stripe/endpoint', { url });
  }

  /** The customer tries to pay in their browser; without `paymentMethod` with a card that works. A decline is an outcome. */
  pay(target: PaymentTarget, paymentMethod?: string): Promise<PaymentOutcome> {
    const method = paymentMethod === undefined ? {} : { paymentMethod };
    return this.json('POST', '/__stripe/pay', { ...target, ...method });
  }

  /** The customer does or does not prove to the bank who they are, where it had asked (3-D Secure). */
  authenticate(target: PaymentTarget, outcome: 'success' | 'failure'): Promise<PaymentOutcome> {
    return this.json('POST', '/__stripe/authenticate', { ...target, outcome });
  }

  /** Makes a payment another than was asked for, which Stripe's rules forbid: for tests of those who must not believe it. */
  tamper(
    target: PaymentTarget,
    changes: { amount?: number; currency?: string; mode?: 'live' | 'test' },
  ): Promise<PaymentOutcome> {
    return this.json('POST', '/__stripe/tamper', { ...target, ...changes });
  }

  /** The money of a payment under way arrives, or does not. */
  settle(target: PaymentTarget, outcome: 'success' | 'failure'): Promise<PaymentOutcome> {
    return this.json('POST', '/__stripe/settle', { ...target, outcome });
  }

  /** The bank decides about a refund: one that waits, or one that turns out not to have worked. */
  moveRefund(refund: string, status: 'succeeded' | 'failed' | 'canceled'): Promise<RefundOutcome> {
    return this.json('POST', '/__stripe/refund', { refund, status });
  }

  /** The customer disputes a payment at their bank; with a verdict the bank decides. */
  dispute(target: PaymentTarget, verdict?: 'won' | 'lost'): Promise<DisputeOutcome> {
    return this.json('POST', '/__stripe/dispute', {
      ...target,
      ...(verdict === undefined ? {} : { verdict }),
    });
  }

  /** The time to pay in a checkout runs out now. */
  expireSession(session: string): Promise<{ session: string; status: string }> {
    return this.json('POST', '/__stripe/expire', { session });
  }

  /** Tells an event once more, properly, and resolves to what the app's webhook answered. */
  redeliver(event: string): Promise<WebhookResult> {
    return this.json('POST', '/__stripe/redeliver', { event });
  }

  /** The account has another calendar. */
  addCalendar(calendar: { id: string; summary?: string }): Promise<{ calendarId: string }> {
    return this.json('POST', '/__google/calendars', calendar);
  }

  /** Somebody writes an event of their own. */
  createEvent(event: NewEvent): Promise<CalendarOutcome> {
    return this.json('POST', '/__google/create', event);
  }

  /** Somebody drags an event to another time. */
  moveEvent(event: EventTarget & EventTimes): Promise<CalendarOutcome> {
    return this.json('POST', '/__google/move', event);
  }

  /** Somebody deletes an event. */
  deleteEvent(event: EventTarget): Promise<CalendarOutcome> {
    return this.json('POST', '/__google/delete', event);
  }

  /** The account takes its consent back, or gives it again; of the sandbox's own grant where none is named. */
  setConsent(isGiven: boolean, refreshToken?: string): Promise<{ granted: boolean }> {
    const grant = refreshToken === undefined ? {} : { refreshToken };
    return this.json('POST', isGiven ? '/__google/grant' : '/__google/revoke', grant);
  }

  /** Access tokens given until now are worth nothing any more, before their time. */
  expireAccess(): Promise<{ granted: boolean }> {
    return this.json('POST', '/__google/expire-access', {});
  }

  /** Google no longer knows what a calendar's sync tokens stood for. */
  forgetSyncTokens(calendarId?: string): Promise<{ calendarId: string }> {
    return this.json('POST', '/__google/forget-sync-tokens', calendarId === undefined ? {} : { calendarId });
  }

  config(change: SandboxConfig): Promise<Required<SandboxConfig>> {
    return this.json('POST', '/__config', change);
  }

  /** Forgets everything sent and every fault; the configuration stays. */
  async reset(): Promise<void> {
    await this.clearFaults();
    await this.call('DELETE', '/__state');
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.call(method, path, body);
    // Both ends of this wire are in this folder, and share their types.
    return (await response.json()) as T;
  }

  private async call(method: string, path: string, body?: unknown): Promise<Response> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`${this.httpBase}${path}`, init);
    if (!response.ok) {
      throw new SandboxRefusal(`${method} ${path}`, response.status, await reasonOf(response));
    }
    return response;
  }
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    const isReason = typeof body === 'object' && body !== null && 'error' in body;
    return isReason && typeof body.error === 'string' ? body.error : text;
  } catch {
    return text;
  }
}
