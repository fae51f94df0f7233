import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditLog } from '../audit/audit.service.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import type { StaffActor } from '../common/actor.js';
import { Conflict, NotFound } from '../common/domain-error.js';
import { newId, present } from '../common/ids.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { Database } from '../database/database.service.js';
import { Message } from './entities/message.entity.js';
import { MessageFacts } from './message-facts.service.js';
import { MessageWriter, type NewMessage } from './message-writer.service.js';
import { ConsentMissing, DuplicateMessage, NothingToTell, RecipientOptedOut } from './messaging.errors.js';
import { consentRefusal } from './rules/consent.js';
import type { MessageClass } from './rules/plan.types.js';
import type { MessageChannel } from './text/families.js';

const SAME_AGAIN_MS = 10 * 60_000;
/** Longer than anybody waits for a lock. */
const AS_GOOD_AS_SENT_MS = 60_000;
const WRITTEN_LIVES_MS = 24 * 3_600_000;
const NEWS_LIVES_MS = 3_600_000;

/** Words of staff for one customer; the subject is for e-mails. */
export interface WrittenText {
  readonly customerId: string;
  readonly channel: MessageChannel;
  readonly subject?: string | undefined;
  readonly body: string;
}

/** What staff may send about a booking by hand. */
export type ByHand = 'booking_confirmed' | 'booking_reminder';

/** Messages that people ask for: by hand, again, in their own words. Answers come before the message goes out. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly database: Database,
    private readonly facts: MessageFacts,
    private readonly writer: MessageWriter,
    private readonly audit: AuditLog,
  ) {}

  /** A text about a booking; the same one within ten minutes needs `force`. */
  async sendAboutBooking(
    actor: StaffActor,
    bookingId: string,
    family: ByHand,
    force: boolean,
  ): Promise<Message> {
    return this.database.transact(actor, async (em, now) => {
      const booking = await em.findOne(Booking, bookingId, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!booking) throw new NotFound();
      if (booking.status !== 'confirmed') throw new NothingToTell(booking.status);
      if (booking.startsAt <= now) throw new NothingToTell('over');
      const customer = await em.findOneOrFail(Customer, booking.customerId);
      const kind = family === 'booking_reminder' ? 'reminder' : 'transactional';
      const to = await this.addressOf(em, customer, 'sms', kind);
      if (!force) await this.refuseAgain(em, bookingId, family, now);
      const expiresAt = new Date(Math.max(booking.startsAt.getTime(), now.getTime() + NEWS_LIVES_MS));
      const about = {
        bookingId,
        customerId: customer.id,
        revision: booking.revision,
        family,
        to,
        dueAt: now,
        expiresAt,
      };
      return this.write(em, actor, {
        ...about,
        channel: 'sms',
        class: 'transactional',
        dedupeKey: `manual:${newId()}`,
      });
    });
  }

  private async refuseAgain(em: EntityManager, bookingId: string, family: ByHand, now: Date): Promise<void> {
    const earlier = await em.findOne(Message, {
      bookingId,
      family,
      channel: 'sms',
      createdAt: { $gt: new Date(now.getTime() - SAME_AGAIN_MS) },
      state: { $nin: ['superseded', 'expired', 'failed', 'cancelled'] },
      // What waits for its day is not sent yet. Whoever waited for the booking began before what they find there was due.
      $or: [{ state: { $ne: 'planned' } }, { dueAt: { $lte: new Date(now.getTime() + AS_GOOD_AS_SENT_MS) } }],
    });
    if (earlier) throw new DuplicateMessage(earlier.id);
  }

  /** Free text to one customer. Consent and STOP hold for people's own words as well. */
  async sendText(actor: StaffActor, text: WrittenText): Promise<Message> {
    return this.database.transact(actor, async (em, now) => {
      const customer = await em.findOne(Customer, text.customerId);
      if (!customer || customer.erasedAt) throw new NotFound();
      const { channel, body } = text;
      const to = await this.addressOf(em, customer, channel, 'transactional');
      const { business } = await this.facts.subject(em, {});
      const subject = channel === 'email' ? (text.subject ?? `A message from ${business.name}`) : null;
      const expiresAt = new Date(now.getTime() + WRITTEN_LIVES_MS);
      const about = {
        bookingId: null,
        customerId: customer.id,
        revision: 1,
        family: 'manual',
        to,
        dueAt: now,
        expiresAt,
      } as const;
      return this.write(em, actor, {
        ...about,
        channel,
        class: 'transactional',
        subject,
        body,
        dedupeKey: `manual:${newId()}`,
      });
    });
  }

  /** A message once more, to the contact the customer has now; what is on its way already is not doubled. */
  async resend(actor: StaffActor, messageId: string): Promise<Message> {
    return this.database.transact(actor, async (em, now) => {
      const old = await em.findOne(
        Message,
        { id: messageId, direction: 'out' },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      if (!old || old.family === 'inbound') throw new NotFound();
      if (!old.finalAt && !old.acceptedAt) throw new DuplicateMessage(old.id);
      await this.refuseResentAgain(em, old.id, now);
      const customer = old.customerId ? await em.findOneOrFail(Customer, old.customerId) : null;
      const booking = old.bookingId ? await em.findOneOrFail(Booking, old.bookingId) : null;
      const to = customer ? await this.addressOf(em, customer, old.channel, 'transactional') : old.toAddress;
      const { channel, family, subject = null } = old;
      const body = family === 'manual' || family === 'test' ? (old.body ?? null) : null;
      const about = {
        bookingId: booking?.id ?? null,
        paymentId: old.paymentId ?? null,
        refundId: old.refundId ?? null,
        customerId: customer?.id ?? null,
        revision: booking?.revision ?? old.revision,
      };
      const times = { dueAt: now, expiresAt: new Date(now.getTime() + WRITTEN_LIVES_MS) };
      const dedupeKey = `resend:${old.id}:${newId()}`;
      return this.write(em, actor, {
        ...about,
        ...times,
        channel,
        family,
        to,
        subject,
        body,
        dedupeKey,
        class: 'transactional',
      });
    });
  }

  private async refuseResentAgain(em: EntityManager, id: string, now: Date): Promise<void> {
    const since = new Date(now.getTime() - SAME_AGAIN_MS);
    const again = await em.findOne(Message, {
      dedupeKey: { $like: `resend:${id}:%` },
      createdAt: { $gt: since },
    });
    if (again) throw new DuplicateMessage(again.id);
  }

  private async addressOf(
    em: EntityManager,
    customer: Customer,
    channel: MessageChannel,
    kind: MessageClass,
  ): Promise<string> {
    const to = channel === 'sms' ? customer.phone : customer.email;
    if (!to)
      throw new Conflict(`The customer has no ${channel === 'sms' ? 'phone number' : 'e-mail address'}.`);
    const refusal = consentRefusal(
      channel,
      kind,
      await this.facts.recipient(em, customer, channel === 'sms' ? to : null),
    );
    if (refusal === 'opted-out') throw new RecipientOptedOut();
    if (refusal === 'consent-missing') throw new ConsentMissing();
    return to;
  }

  private async write(em: EntityManager, actor: StaffActor, message: NewMessage): Promise<Message> {
    const [id] = await this.writer.write(em, [
      { ...message, automatic: false, requestedBy: actor.accountId },
    ]);
    const details = { family: message.family, channel: message.channel, bookingId: message.bookingId };
    await this.audit.record(em, actor, {
      action: 'message.requested',
      subjectKind: 'message',
      subjectId: present(id, 'the message'),
      details,
    });
    return em.findOneOrFail(Message, present(id, 'the message'));
  }
}
