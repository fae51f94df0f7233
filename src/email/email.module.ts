import { Module } from '@nestjs/common';
import { MessagingModule } from '../messaging/messaging.module.js';
import { SmtpCheckup } from './smtp.checkup.js';
import { SmtpEmailChannel } from './smtp-email.channel.js';

@Module({ imports: [MessagingModule], providers: [SmtpEmailChannel, SmtpCheckup] })
export class EmailModule {}
