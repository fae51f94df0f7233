import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { newId } from '../common/ids.js';
import { currentRequestId } from '../common/request-context.js';
import { OptOutService } from '../customers/opt-out.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { messageSend } from './messaging.events.js';
import {
  MESSAGE_INSERT,
  MESSAGE_LINK,
  MESSAGE_SUPERSEDE,
  MESSAGE_SUPERSEDE_CONTACT,
  MESSAGE_FLAG_IN_FLIGHT,
  CONTACT_LOCK,
} from './messaging.sql.js';
import type { MessageClass } from './rules/plan.types.js';
import type { MessageChannel, MessageFamily } from './text/families.js';

/** A message to write down; what is left out is usual. */
export interface NewMessage {
  readonly customerId: string | null;
  readonly bookingId: string | null;
  readonly paymentId?: string | null;
  readonly refundId?: string | null;
  /** The challenge whose code it brings. */
  readonly codeId?: string | null;
  readonly channel: MessageChannel;
  readonly family: MessageFamily;
  readonly class: MessageClass;
  readonly to: string;
  readonly dedupeKey: string;
  readonly revision: number;
  readonly dueAt: Date;
  readonly expiresAt: Date;
  /** Dedupe key of the message that goes first. */
  readonly afterKey?: string | null;
  readonly insteadOfId?: string | null;
  readonly subject?: string | null;
  /** The text itself, for messages without a template. */
  readonly body?: string | null;
  readonly automatic?: boolean;
  readonly requestedBy?: string | null;
}

/** Writes messages down, once each, with the order to send them; and withdraws them. Joins the caller's transaction. */
@Injectable()
export class MessageWriter {
  constructor(
    private readonly outbox: Outbox,
    private readonly optOuts: OptOutService,
  ) {}

  /** The ids of those that were new; `send: false` leaves the sending to the caller. */
  async write(em: EntityManager, messages: readonly NewMessage[], { send = true } = {}): Promise<string[]> {
    if (messages.length === 0) return [];
    const rows = messages.map((message) => ({ ...this.rowOf(message), id: newId() }));
    const inserted = await run<{ id: string }>(em, MESSAGE_INSERT, [JSON.stringify(rows)]);
    const isNew = new Set(inserted.map(({ id }) => id));
    const added = rows.filter(({ id }) => isNew.has(id));
    const linked = added.filter(({ afterKey }) => afterKey !== null);
    if (linked.length > 0)
      await run(em, MESSAGE_LINK, [linked.map(({ id }) => id), linked.map(({ afterKey }) => afterKey)]);
    if (send) await this.outbox.add(em, ...added.map(({ id, dueAt }) => messageSend(id, dueAt)));
    return added.map(({ id }) => id);
  }

  /** Drops what was not begun; `reason` is for staff, in plain words. */
  async supersede(em: EntityManager, ids: readonly string[], reason: string): Promise<void> {
    if (ids.length > 0) await run(em, MESSAGE_SUPERSEDE, [[...ids], reason]);
  }

  /**
   * Ends texts to a number in the caller's transaction: waits for attempts that are just beginning, so that none begins after
   * its commit, drops what waits, and flags what is on its way.
   */
  async endTexts(em: EntityManager, phone: string, source: string): Promise<void> {
    const hash = this.optOuts.contactHash(phone);
    await run(em, CONTACT_LOCK, [hash]);
    await this.optOuts.optOut(em, 'sms', phone, source);
    await run(em, MESSAGE_SUPERSEDE_CONTACT, ['sms', hash, 'The recipient opted out of texts.']);
    await run(em, MESSAGE_FLAG_IN_FLIGHT, [
      'sms',
      hash,
      'The recipient opted out while this text was on its way.',
    ]);
  }

  /** The carrier refused a text because of a STOP that we had not heard of. */
  async noteOptOut(em: EntityManager, phone: string): Promise<void> {
    await this.optOuts.optOut(em, 'sms', phone, 'provider');
  }

  private rowOf(message: NewMessage) {
    return {
      ...message,
      toHash: this.optOuts.contactHash(message.to),
      paymentId: message.paymentId ?? null,
      refundId: message.refundId ?? null,
      codeId: message.codeId ?? null,
      afterKey: message.afterKey ?? null,
      insteadOfId: message.insteadOfId ?? null,
      subject: message.subject ?? null,
      body: message.body ?? null,
      automatic: message.automatic ?? true,
      requestedBy: message.requestedBy ?? null,
      requestId: currentRequestId()?.slice(0, 100) ?? null,
    };
  }
}
