import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { Message } from './entities/message.entity.js';
import { MessageBegin } from './message-begin.service.js';
import { MessageDelivery } from './message-delivery.service.js';
import { MessageWriter } from './message-writer.service.js';
import { KeyReused, ProviderUnavailable, RecipientOptedOut } from './messaging.errors.js';
import { RetryLater } from '../outbox/outbox.types.js';
import { NO_TICKET } from './pipeline.types.js';

const TEST_LIVES_MS = 10 * 60_000;
const MARK = '[TEST]';
const NO_ANSWER = 'The provider does not answer.';

/** A text to try the connection; `key` makes a repeated request the same text. */
export interface TestText {
  readonly to: string;
  readonly body?: string | undefined;
  readonly key: string | null;
}

/** Sends a text while its caller waits: no queue, no second attempt, but the same log as every other message. */
@Injectable()
export class TestMessages {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly writer: MessageWriter,
    private readonly audit: AuditLog,
    private readonly starter: MessageBegin,
    private readonly delivery: MessageDelivery,
  ) {}

  /** What the provider said at once. Throws ProviderUnavailable when it is out, RecipientOptedOut after a STOP. */
  async send(actor: StaffActor, text: TestText): Promise<Message> {
    const { id, isNew } = await this.prepare(actor, text);
    const isOut = isNew && (await this.isOut(actor, id));
    const message = await this.database.transact(actor, (em) => em.findOneOrFail(Message, id));
    if (message.state === 'superseded') throw new RecipientOptedOut();
    if (isOut) throw new ProviderUnavailable(message.reason ?? NO_ANSWER, message.id);
    return message;
  }

  private async prepare(
    actor: StaffActor,
    { to, body, key }: TestText,
  ): Promise<{ id: string; isNew: boolean }> {
    return this.database.transact(actor, async (em, now) => {
      const { name } = await this.business.get(em);
      const marked = `${MARK} ${body ?? 'Text messages work.'} - ${name}`;
      const dedupeKey = `test:${actor.accountId}:${key ?? newId()}`.slice(0, 200);
      const about = {
        customerId: null,
        bookingId: null,
        channel: 'sms',
        family: 'test',
        class: 'staff',
        revision: 1,
      } as const;
      const times = { dueAt: now, expiresAt: new Date(now.getTime() + TEST_LIVES_MS) };
      const row = {
        ...about,
        ...times,
        to,
        dedupeKey,
        body: marked,
        automatic: false,
        requestedBy: actor.accountId,
      };
      const [id] = await this.writer.write(em, [row], { send: false });
      if (id !== undefined) {
        await this.audit.record(em, actor, {
          action: 'message.tested',
          subjectKind: 'message',
          subjectId: id,
        });
        return { id, isNew: true };
      }
      const earlier = await em.findOneOrFail(Message, { dedupeKey });
      if (earlier.toAddress !== to || earlier.body !== marked) throw new KeyReused();
      return { id: earlier.id, isNew: false };
    });
  }

  /** Begins and calls; true when the provider did not take the text now, which then has failed: nobody tries it again. */
  private async isOut(actor: StaffActor, id: string): Promise<boolean> {
    try {
      const step = await this.starter.begin(id, NO_TICKET);
      if (step.kind === 'begun') await this.delivery.deliver(step.begun, NO_TICKET);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
    }
    return this.database.transact(actor, async (em, now) => {
      const message = await em.findOneOrFail(Message, id);
      const isOpen = message.state === 'planned' || message.state === 'unknown';
      if (message.state === 'planned') message.moveTo('failed', now, { reason: message.reason ?? NO_ANSWER });
      return isOpen;
    });
  }
}
