import { Injectable } from '@nestjs/common';
import { ManageLinks } from '../auth/manage-links.service.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { Business } from '../business/entities/business.entity.js';
import { WORKER } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Customer } from '../customers/entities/customer.entity.js';
import type { Bound } from '../database/batch.js';
import { Database } from '../database/database.service.js';
import { beginValues, begunAttempt, judge, written, type Judged, type Known } from './begin-values.js';
import { ChannelRegistry } from './channel.registry.js';
import { Message } from './entities/message.entity.js';
import { MessageFacts } from './message-facts.service.js';
import { MessageText, type RenderedText } from './message-text.service.js';
import { BOOKING_LOCK_SHARED, CONTACT_LOCK, MESSAGE_BEGIN } from './messaging.sql.js';
import type { BegunAttempt } from './pipeline.types.js';
import {
  PLANNED_BOOKING,
  PLANNED_CUSTOMER,
  PLANNED_MESSAGE,
  PLANNED_STANDING,
  PLANNED_WORDINGS,
} from './plain-begin.sql.js';
import type { RecipientFacts } from './rules/plan.types.js';
import { SpendGuard, type SpendCounts } from './spend-guard.service.js';
import { MissingTemplateValues } from './text/template.js';
import { SUBJECT_BUSINESS } from './message-facts.sql.js';
import { Wordings, type VersionRow } from './wordings.service.js';

interface StandingRow extends Pick<SpendCounts, 'spent'> {
  readonly opted_out: boolean;
  readonly consents: RecipientFacts['consents'];
}

/** Everything that was read about a planned message, at one time. */
interface Read extends Known {
  readonly spent: SpendCounts;
  readonly versions: readonly VersionRow[];
  readonly now: Date;
}

/**
 * Begins what is plainly to be sent, in two round trips: one reads, the other locks, asks everything again and writes. What is not plain,
 * or changes in between, is left to `MessageBegin`, which looks under locks from the start.
 */
@Injectable()
export class PlainBegin {
  private readonly host: string;

  constructor(
    private readonly database: Database,
    private readonly facts: MessageFacts,
    private readonly text: MessageText,
    private readonly wordings: Wordings,
    private readonly links: ManageLinks,
    private readonly spend: SpendGuard,
    private readonly channels: ChannelRegistry,
    config: Config,
  ) {
    this.host = new URL(config.publicUrl).hostname;
  }

  /** Null, and nothing is written but perhaps a link that nobody has, where somebody has to look closer. */
  async begin(messageId: string): Promise<BegunAttempt | null> {
    const read = await this.read(messageId);
    if (!read || !this.isPlain(read)) return null;
    const judged = judge(read, read.now);
    if (judged.decision.outcome !== 'send') return null;
    const stored: Bound[] = [];
    const rendered = await this.render(read, stored);
    return rendered && this.write(judged, rendered, stored, read.now);
  }

  private read(messageId: string): Promise<Read | null> {
    const values = [messageId];
    return this.database
      .ask(WORKER, [
        {
          statement: PLANNED_MESSAGE,
          values,
          answer: (rows, seen) => ({ now: seen.now, message: seen.as(Message, rows)[0] }),
        },
        { statement: SUBJECT_BUSINESS, values: [], answer: (rows, seen) => seen.as(Business, rows)[0] },
        {
          statement: PLANNED_BOOKING,
          values,
          answer: (rows, seen) => ({
            booking: seen.as(Booking, rows)[0] ?? null,
            staffName: rows[0]?.['staff_name'] ?? null,
          }),
        },
        { statement: PLANNED_CUSTOMER, values, answer: (rows, seen) => seen.as(Customer, rows)[0] ?? null },
        {
          statement: PLANNED_STANDING,
          values: [messageId, this.spend.plentyOf()],
          answer: ([row]: StandingRow[]) => row,
        },
        { statement: PLANNED_WORDINGS, values, answer: (rows: VersionRow[]) => rows },
      ])
      .then(([{ now, message }, business, { booking, staffName }, customer, standing, versions]) => {
        if (!message || !business || !standing) return null;
        const { opted_out: optedOut, consents } = standing;
        return {
          message,
          subject: { business, booking, staffName, customer, payment: null, refund: null },
          recipient: { timeZone: customer?.timeZone ?? null, optedOut, consents },
          cause: null,
          spent: { spent: standing.spent, to_number: 0 },
          versions,
          now,
        };
      });
  }

  /** Whether nothing but the usual is to be thought of: no money, no other message before it, no doubt, no trouble with its provider. */
  private isPlain({ message, subject, spent, now }: Read): boolean {
    const { family, channel, afterId, bookingId, paymentId, refundId, toHash } = message;
    if (family === 'booking_cancelled' || family === 'payment_late' || afterId || paymentId || refundId)
      return false;
    if ((bookingId && !subject.booking) || subject.business.restoredAt) return false;
    const address = this.facts.presentAddress(message, subject.customer);
    if (address === null || (address && address.hash !== toHash)) return false;
    const way = this.channels.of(channel);
    if (way.mode === 'unconfigured' || way.breaker === 'open') return false;
    return channel !== 'sms' || this.spend.judge(message, subject.business, spent, now) === null;
  }

  /** Null where the template needs what is not known. */
  private async render(
    { message, subject, versions, now }: Read,
    stored: Bound[],
  ): Promise<RenderedText | null> {
    try {
      return await this.text.render(message, subject, now, {
        wording: (wanted) => this.wordings.among(versions, wanted),
        mint: (link) => {
          const { token, stored: statement } = this.links.cut(link);
          stored.push(statement);
          return token;
        },
        alternatives: () => [],
      });
    } catch (error) {
      if (error instanceof MissingTemplateValues) return null;
      throw error;
    }
  }

  private async write(
    judged: Judged,
    rendered: RenderedText,
    stored: readonly Bound[],
    now: Date,
  ): Promise<BegunAttempt | null> {
    const { message } = judged;
    const text = written(this.channels.of(message.channel), rendered);
    const attemptId = newId();
    const begunAtMs = performance.now();
    const values = beginValues(judged, text, attemptId);
    const begin = { statement: MESSAGE_BEGIN, values };
    const sent = [...locksOf(message), begin, ...stored];
    const answers = await this.database.ask(
      WORKER,
      sent.map((bound) => ({ ...bound, answer: (rows: unknown[]) => rows.length > 0 })),
    );
    if (!answers[sent.indexOf(begin)]) return null;
    return begunAttempt(
      judged,
      { subject: rendered.subject, body: text.body },
      { attemptId, begunAtMs, host: this.host, now },
    );
  }
}

/** In the order everybody keeps: contact, booking, and then the message. */
function locksOf({ channel, toHash, bookingId }: Message): Bound[] {
  return [
    ...(channel === 'sms' ? [{ statement: CONTACT_LOCK, values: [toHash] }] : []),
    ...(bookingId ? [{ statement: BOOKING_LOCK_SHARED, values: [bookingId] }] : []),
  ];
}
