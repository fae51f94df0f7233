import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { InboundTexts } from './inbound-texts.service.js';
import { SmsAdminController } from './sms-admin.controller.js';
import { SmsGateway } from './sms.gateway.js';
import { SmsInboundHandler } from './sms-inbound.handler.js';
import { SmsStatusHandler } from './sms-status.handler.js';
import { TwilioCheckup } from './twilio.checkup.js';
import { TwilioSmsGateway } from './twilio-sms.gateway.js';
import { TwilioWebhooksController } from './twilio-webhooks.controller.js';
import { TwilioWebhooks } from './webhooks.service.js';

@Module({
  imports: [AuditModule, BookingsModule, CustomersModule, MessagingModule, OutboxModule],
  controllers: [SmsAdminController, TwilioWebhooksController],
  providers: [
    TwilioSmsGateway,
    { provide: SmsGateway, useExisting: TwilioSmsGateway },
    TwilioWebhooks,
    InboundTexts,
    SmsStatusHandler,
    SmsInboundHandler,
    TwilioCheckup,
  ],
})
export class SmsModule {}
