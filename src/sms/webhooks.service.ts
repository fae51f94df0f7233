import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { WEBHOOK } from '../common/actor.js';
import { isUuid, newId } from '../common/ids.js';
import { normalizePhone } from '../common/contact.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { together } from '../database/together.js';
import { isFailure, MessageStatus } from '../messaging/message-status.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { InboundTexts } from './inbound-texts.service.js';
import { SignatureInvalid } from './sms.errors.js';
import { smsInbound, smsStatus } from './sms.events.js';
import { SmsGateway } from './sms.gateway.js';
import { INBOX_ADD } from './sms.sql.js';
import { providerStateOf } from './rules/twilio-states.js';

/** A form as the provider posted it: every field, known to us or not, since all of them are signed. */
export type Form = Readonly<Record<string, unknown>>;

/** A request to one of our webhooks. */
export interface Delivery {
  readonly signature: string;
  /** Path and query as they were asked for. */
  readonly originalUrl: string;
  readonly form: Form;
}

const LONGEST = 1600;

/** Takes in deliveries: signature, then one transaction with the inbox row and the order to act, then a quick answer. */
@Injectable()
export class TwilioWebhooks {
  constructor(
    private readonly database: Database,
    private readonly gateway: SmsGateway,
    private readonly outbox: Outbox,
    private readonly inbound: InboundTexts,
    private readonly status: MessageStatus,
    private readonly audit: AuditLog,
  ) {}

  /**
   * A report about a message; unknown ones are taken in as well, since the answer to our own call may still be on its way. How far it got
   * is written down at once; a failure, from which other messages may follow, is an effect.
   */
  async takeStatus(delivery: Delivery, messageId: string | undefined): Promise<void> {
    await this.verify(delivery);
    const providerId = textOf(delivery.form, 'MessageSid', 64);
    const status = textOf(delivery.form, 'MessageStatus', 32);
    if (providerId === '' || status === '') return;
    const errorCode = Number(textOf(delivery.form, 'ErrorCode', 10)) || null;
    const about = { messageId: isUuid(messageId) ? messageId : null, providerId, errorCode };
    const state = providerStateOf(status);
    const event = `${providerId}:${status}:${errorCode ?? ''}`;
    const news = { ...about, state };
    const report = { provider: 'twilio', id: event };
    if (!isFailure(state) && (await this.status.takeOnce(WEBHOOK, news, report))) return;
    await this.database.transact(WEBHOOK, async (em, now) => {
      const [message, added] = await together([
        isFailure(state) ? null : this.status.find(em, news),
        run(em, INBOX_ADD, [newId(), event, 'message.status']),
      ]);
      if (added.length === 0) return;
      if (isFailure(state)) await this.outbox.add(em, smsStatus({ ...about, status }));
      else if (message) await this.status.take(em, message, news, now);
    });
  }

  /** A customer's text. STOP is in force when this returns, before anybody else has looked at it. */
  async takeInbound(delivery: Delivery): Promise<void> {
    await this.verify(delivery);
    const providerId = textOf(delivery.form, 'MessageSid', 64);
    const from = normalizePhone(textOf(delivery.form, 'From', 40));
    if (providerId === '' || from === null) return;
    const body = textOf(delivery.form, 'Body', LONGEST);
    await this.database.transact(WEBHOOK, async (em, now) => {
      if ((await run(em, INBOX_ADD, [newId(), `in:${providerId}`, 'message.inbound'])).length === 0) return;
      const messageId = await this.inbound.write(em, { providerId, from, body }, now);
      await this.outbox.add(em, smsInbound(messageId));
    });
  }

  /** Throws SignatureInvalid and leaves one line in the audit log, nothing else. */
  private async verify({ signature, originalUrl, form }: Delivery): Promise<void> {
    if (await this.gateway.isSignedByProvider(signature, originalUrl, form)) return;
    await this.audit.recordApart(WEBHOOK, {
      action: 'webhook.refused',
      details: { provider: 'twilio', path: originalUrl.split('?')[0] ?? '' },
    });
    throw new SignatureInvalid();
  }
}

/** PostgreSQL cannot store NUL, and a customer's phone may send anything. */
function textOf(form: Form, name: string, longest: number): string {
  const value = form[name];
  return typeof value === 'string' ? value.replaceAll('\u0000', '').slice(0, longest) : '';
}
