import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { WEBHOOK } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { isSameSecret } from '../common/same-secret.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { MessageStatus } from '../messaging/message-status.service.js';
import { bounceOf } from './bounce.js';
import { BounceTokenInvalid } from './email.errors.js';

/** Takes in what came back to the sender's mailbox: e-mails that were handed over and then could not be delivered. */
@Injectable()
export class EmailBounces {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly status: MessageStatus,
    private readonly audit: AuditLog,
  ) {}

  /** Ignores whatever is no bounce of ours: any mail may come to a mailbox. Throws BounceTokenInvalid. */
  async take(authorization: string, mail: Buffer): Promise<void> {
    await this.verify(authorization);
    const bounce = await bounceOf(mail);
    if (bounce === null || !isUuid(bounce.messageId)) return;
    const { messageId, providerId, code: errorCode } = bounce;
    await this.database.transact(WEBHOOK, (em, now) =>
      this.status.apply(em, { messageId, providerId, state: 'undelivered', errorCode }, now),
    );
  }

  private async verify(authorization: string): Promise<void> {
    const { bounceToken } = this.config.smtp;
    if (bounceToken !== null && isSameSecret(authorization, `Bearer ${bounceToken}`)) return;
    await this.audit.recordApart(WEBHOOK, { action: 'webhook.refused', details: { provider: 'email' } });
    throw new BounceTokenInvalid();
  }
}
