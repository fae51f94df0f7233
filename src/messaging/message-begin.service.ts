import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import { beginValues, begunAttempt, judge, written, type Judged } from './begin-values.js';
import { ChannelRegistry } from './channel.registry.js';
import { MessageAttempt } from './entities/message-attempt.entity.js';
import { Message } from './entities/message.entity.js';
import { MessageFallback } from './message-fallback.service.js';
import { MessageFacts, type Subject } from './message-facts.service.js';
import { MessageQuarantine } from './message-quarantine.service.js';
import { MessageText, type RenderedText } from './message-text.service.js';
import { BOOKING_LOCK_SHARED, CONTACT_LOCK, MESSAGE_BEGIN } from './messaging.sql.js';
import type { BeginResult, Ticket } from './pipeline.types.js';
import { PlainBegin } from './plain-begin.service.js';
import { SpendGuard } from './spend-guard.service.js';
import { MissingTemplateValues } from './text/template.js';

const FIRST_GOES_FOR_MS = 60_000;
const LOOK_AGAIN_MS = 250;
/** Whoever has waited long can wait this part of it once more: a provider that is out is not asked for all who wait four times a second. */
const LOOK_AGAIN_SHARE = 1 / 4;
const UNCONFIGURED_MS = 15 * 60_000;

const WORDS: Readonly<Record<string, string>> = {
  'booking-changed': 'The booking has changed since.',
  'opted-out': 'The recipient has opted out of texts.',
  'consent-missing': 'The customer does not want messages of this kind.',
  'too-late': 'It came too late to be of use.',
  'quiet-hours': 'It would have come at night, and later would have been too late.',
};

const DONE: BeginResult = { kind: 'done' };
const CHANGED: BeginResult = {
  kind: 'parked',
  reason: 'The facts changed at the last moment.',
  afterMs: LOOK_AGAIN_MS,
};

interface Locked {
  readonly message: Message;
  /** Of the contact that is locked. */
  readonly toHash: string;
}

/** Transaction A: asks everything again, writes the text, marks the message and commits the attempt before the call. */
@Injectable()
export class MessageBegin {
  constructor(
    private readonly database: Database,
    private readonly plain: PlainBegin,
    private readonly facts: MessageFacts,
    private readonly text: MessageText,
    private readonly fallback: MessageFallback,
    private readonly spend: SpendGuard,
    private readonly quarantine: MessageQuarantine,
    private readonly channels: ChannelRegistry,
    private readonly config: Config,
  ) {}

  /** Settles or postpones the ticket itself where nothing is left to do. `isUnsent`: no doubt is left about that. */
  async begin(messageId: string, ticket: Ticket, isUnsent = false): Promise<BeginResult> {
    const begun = isUnsent ? null : await this.plain.begin(messageId);
    return begun ? { kind: 'begun', begun } : this.beginUnderLocks(messageId, ticket, isUnsent);
  }

  private beginUnderLocks(messageId: string, ticket: Ticket, isUnsent: boolean): Promise<BeginResult> {
    return this.database.transact(WORKER, async (em, now) => {
      const locked = await this.lock(em, messageId);
      if (!locked) return settled(em, ticket);
      const { message } = locked;
      if (message.state === 'planned') return this.beginPlanned(em, locked, ticket, now, isUnsent);
      const attempt = await em.findOne(MessageAttempt, { messageId, finishedAt: null });
      if (!attempt) return settled(em, ticket);
      if (message.providerId) {
        Object.assign(attempt, {
          finishedAt: new Date(attempt.startedAt),
          outcome: 'accepted',
          providerId: message.providerId,
        });
        return settled(em, ticket);
      }
      if (message.finalAt) return settled(em, ticket);
      const { channel, toAddress: to, bodyHash: hash } = message;
      const { id: attemptId, startedAt } = attempt;
      return {
        kind: 'unresolved',
        unresolved: { messageId, attemptId, channel, to, bodyHash: hash ?? '', startedAt },
      };
    });
  }

  /** Locks in the order everybody keeps: contact, booking, message. The booking then stays as read until the commit. */
  private async lock(em: EntityManager, messageId: string): Promise<Locked | null> {
    const target = await this.facts.target(em, messageId);
    if (!target) return null;
    const { channel, bookingId, toHash } = target;
    const [, , message] = await together([
      // STOP is of texts alone; e-mails to one address, such as all notices to an owner, do not wait for each other.
      channel === 'sms' && run(em, CONTACT_LOCK, [toHash]),
      bookingId !== null && run(em, BOOKING_LOCK_SHARED, [bookingId]),
      em.findOne(Message, messageId, { lockMode: LockMode.PESSIMISTIC_WRITE }),
    ]);
    return message && { message, toHash };
  }

  private async beginPlanned(
    em: EntityManager,
    { message, toHash }: Locked,
    ticket: Ticket,
    now: Date,
    isUnsent: boolean,
  ): Promise<BeginResult> {
    const subject = await this.facts.subject(em, message);
    const address = this.facts.presentAddress(message, subject.customer);
    if (address === null) {
      const hasEmail = now >= message.dueAt && (await this.fallback.instead(em, message, now));
      const reason = `The customer has no such contact any more.${hasEmail ? ' An e-mail was sent instead.' : ''}`;
      message.moveTo('superseded', now, { reason });
      return settled(em, ticket);
    }
    // A STOP of the new contact waits for nobody: only what is locked may be written to.
    if (address && address.hash !== toHash) return CHANGED;
    if (address) Object.assign(message, { toAddress: address.to, toHash: address.hash });
    if (await this.waitsForAnother(em, message, now)) return postponed(em, ticket, nextLook(message, now));
    const judged = await this.judge(em, message, subject, now);
    const { decision } = judged;
    const isToWait = decision.outcome === 'wait';
    if (decision.outcome !== 'send' && !isToWait) return this.drop(em, judged, ticket, now);
    const parked = isToWait ? null : await this.parkedBy(em, message, ticket, now);
    if (parked) return parked;
    const doubted = isUnsent ? null : await this.quarantine.doubt(em, message, subject);
    if (doubted) return { kind: 'doubted', doubted };
    if (isToWait) {
      message.dueAt = decision.until;
      return postponed(em, ticket, decision.until);
    }
    const refusal = await this.spend.refusal(em, message, subject.business, now);
    if (refusal?.kind === 'wait') {
      message.reason = refusal.reason;
      return postponed(em, ticket, refusal.until);
    }
    if (refusal) return this.fail(em, message, ticket, now, refusal.reason);
    return this.write(em, judged, ticket, now);
  }

  private async waitsForAnother(em: EntityManager, message: Message, now: Date): Promise<boolean> {
    if (!message.afterId || now.getTime() >= message.dueAt.getTime() + FIRST_GOES_FOR_MS) return false;
    const first = await em.findOne(Message, message.afterId);
    return first !== null && !first.acceptedAt && !first.finalAt && !first.flaggedAt;
  }

  private async judge(em: EntityManager, message: Message, subject: Subject, now: Date): Promise<Judged> {
    const { booking, customer } = subject;
    const phone = message.channel === 'sms' ? message.toAddress : null;
    const recipient = await this.facts.recipient(em, customer, phone);
    const cause =
      booking && message.family === 'booking_cancelled'
        ? await this.facts.cause(em, booking, 'cancelled', now)
        : null;
    return judge({ message, subject, recipient, cause }, now);
  }

  private async drop(
    em: EntityManager,
    { message, decision }: Judged,
    ticket: Ticket,
    now: Date,
  ): Promise<BeginResult> {
    if (decision.outcome === 'send' || decision.outcome === 'wait') throw new Error('nothing to drop');
    const isUnwanted = decision.reason === 'opted-out' || decision.reason === 'consent-missing';
    const hasEmail = isUnwanted && (await this.fallback.instead(em, message, now));
    const words = WORDS[decision.reason] ?? decision.reason;
    const reason = hasEmail
      ? `${words} An e-mail was sent instead.`
      : decision.outcome === 'expired'
        ? (message.reason ?? words)
        : words;
    message.moveTo(decision.outcome, now, { reason });
    return settled(em, ticket);
  }

  private async parkedBy(
    em: EntityManager,
    message: Message,
    ticket: Ticket,
    now: Date,
  ): Promise<BeginResult | null> {
    const channel = this.channels.of(message.channel);
    const isUnconfigured = channel.mode === 'unconfigured';
    if (!isUnconfigured && channel.breaker !== 'open') return null;
    const reason = isUnconfigured
      ? 'This way of sending is not configured.'
      : 'The provider is out of order; it is tried again.';
    if (await this.fallback.insteadOfLate(em, message, now, reason)) return settled(em, ticket);
    message.reason = reason;
    return { kind: 'parked', reason, afterMs: isUnconfigured ? UNCONFIGURED_MS : this.restMs() };
  }

  /** In ms of real time: half to all of the rest a provider gets, so that not all texts come back at once. */
  private restMs(): number {
    return Math.round(this.config.providerBreakerMs * (1 - Math.random() / 2));
  }

  private async fail(
    em: EntityManager,
    message: Message,
    ticket: Ticket,
    now: Date,
    reason: string,
  ): Promise<BeginResult> {
    message.moveTo('failed', now, { reason });
    await this.fallback.afterFailure(em, message, now);
    return settled(em, ticket);
  }

  private async write(em: EntityManager, judged: Judged, ticket: Ticket, now: Date): Promise<BeginResult> {
    const { message, subject } = judged;
    let rendered: RenderedText;
    try {
      rendered = await this.text.render(message, subject, now, this.text.sourcesIn(em, now));
    } catch (error) {
      if (!(error instanceof MissingTemplateValues)) throw error;
      return this.fail(
        em,
        message,
        ticket,
        now,
        `The template needs what is not known: ${error.names.join(', ')}.`,
      );
    }
    const text = written(this.channels.of(message.channel), rendered);
    const attemptId = newId();
    const begunAtMs = performance.now();
    await em.flush();
    const values = beginValues(judged, text, attemptId);
    const rows = await run(em, MESSAGE_BEGIN, values);
    // Pure rules and statement judge the same facts; a row that changed in between is looked at afresh.
    if (rows.length === 0) return CHANGED;
    const host = new URL(this.config.publicUrl).hostname;
    const started = { attemptId, begunAtMs, host, now };
    return {
      kind: 'begun',
      begun: begunAttempt(judged, { subject: rendered.subject, body: text.body }, started),
    };
  }
}

function nextLook({ dueAt }: Message, now: Date): Date {
  const waitedMs = now.getTime() - dueAt.getTime();
  const waitMs = Math.max(LOOK_AGAIN_MS, waitedMs * LOOK_AGAIN_SHARE);
  return new Date(Math.min(now.getTime() + waitMs, dueAt.getTime() + FIRST_GOES_FOR_MS));
}

async function settled(em: EntityManager, ticket: Ticket): Promise<BeginResult> {
  await ticket.settle(em);
  return DONE;
}

async function postponed(em: EntityManager, ticket: Ticket, until: Date): Promise<BeginResult> {
  await ticket.postpone(em, until);
  return DONE;
}
