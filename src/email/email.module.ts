import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { EmailBounces } from './email-bounces.service.js';
import { EmailWebhooksController } from './email-webhooks.controller.js';
import { SmtpCheckup } from './smtp.checkup.js';
import { SmtpEmailChannel } from './smtp-email.channel.js';

@Module({
  imports: [AuditModule, MessagingModule],
  controllers: [EmailWebhooksController],
  providers: [SmtpEmailChannel, SmtpCheckup, EmailBounces],
})
export class EmailModule {}
