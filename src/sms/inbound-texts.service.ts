import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutCardNumbers } from '../common/card-numbers.js';
import { newId } from '../common/ids.js';
import { OptOutService } from '../customers/opt-out.service.js';
import { run } from '../database/statement.js';
import { Message } from '../messaging/entities/message.entity.js';
import { MessageWriter } from '../messaging/message-writer.service.js';
import { classifyInbound, type InboundIntent } from './rules/keywords.js';
import { CUSTOMER_BY_PHONE, NEXT_BOOKING_BY_PHONE } from './sms.sql.js';

/** A text that arrived. */
export interface InboundText {
  readonly providerId: string;
  /** E.164. */
  readonly from: string;
  readonly body: string;
}

const NOTES: Readonly<Record<InboundIntent, string | null>> = {
  stop: 'They opted out of texts.',
  start: 'They opted in to texts again.',
  help: 'They asked for help.',
  confirm: 'They confirm that they will come.',
  reschedule: 'They want to change their appointment.',
  other: null,
};

/** Writes customers' texts down for the staff inbox and lets STOP and START take effect in the same transaction. */
@Injectable()
export class InboundTexts {
  constructor(
    private readonly writer: MessageWriter,
    private readonly optOuts: OptOutService,
  ) {}

  /** The id of the row in the inbox. */
  async write(em: EntityManager, { providerId, from, body }: InboundText, now: Date): Promise<string> {
    const intent = classifyInbound(body, { optedOut: await this.optOuts.isOptedOut(em, 'sms', from) });
    if (intent === 'stop') await this.writer.endTexts(em, from, 'sms');
    if (intent === 'start') await this.optOuts.lift(em, 'sms', from);
    const [customer] = await run<{ id: string }>(em, CUSTOMER_BY_PHONE, [from]);
    const [booking] = await run<{ id: string; customer_id: string }>(em, NEXT_BOOKING_BY_PHONE, [from]);
    const id = newId();
    const needsPeople = intent === 'other';
    em.create(Message, {
      ...{
        id,
        providerId,
        // Nobody can stop a customer from texting one; it goes no further.
        body: withoutCardNumbers(body),
        direction: 'in',
        channel: 'sms',
        family: 'inbound',
        class: 'transactional',
        state: 'received',
      },
      ...{
        // Of several people with one number it is the one whose appointment is meant.
        customerId: booking?.customer_id ?? customer?.id ?? null,
        bookingId: booking?.id ?? null,
        toAddress: from,
        toHash: this.optOuts.contactHash(from),
      },
      ...{
        dedupeKey: `in:${providerId}`,
        dueAt: now,
        expiresAt: now,
        createdAt: now,
        finalAt: now,
        automatic: false,
      },
      reason: needsPeople ? 'A customer wrote; please read it.' : NOTES[intent],
      flaggedAt: needsPeople ? now : null,
    });
    await em.flush();
    return id;
  }
}
