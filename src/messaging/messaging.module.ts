import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { CalendarNoticeHandler } from './calendar-notice.handler.js';
import { ChannelRegistry } from './channel.registry.js';
import { CodeHandler } from './code.handler.js';
import { ContactHandler } from './contact.handler.js';
import { MessageBegin } from './message-begin.service.js';
import { PlainBegin } from './plain-begin.service.js';
import { MessageDelivery } from './message-delivery.service.js';
import { MessageFacts } from './message-facts.service.js';
import { MessageForgetHandler } from './message-forget.handler.js';
import { MessageFallback } from './message-fallback.service.js';
import { MessagePollHandler } from './message-poll.handler.js';
import { MessageQueries } from './message-queries.service.js';
import { MessageQuarantine } from './message-quarantine.service.js';
import { MessageReconcile } from './message-reconcile.service.js';
import { MessageSendHandler, UrgentSendHandler } from './message-send.handler.js';
import { MessageStatus } from './message-status.service.js';
import { MessageText } from './message-text.service.js';
import { MessageWriter } from './message-writer.service.js';
import { MessagesAdminController } from './messages-admin.controller.js';
import { MessagesService } from './messages.service.js';
import { MoneyPlanHandler } from './money-plan.handler.js';
import { PlanHandler } from './plan.handler.js';
import { SpendGuard } from './spend-guard.service.js';
import { TemplatePreviews } from './template-previews.service.js';
import { TemplatesController } from './templates.controller.js';
import { Templates } from './templates.service.js';
import { TestMessages } from './test-messages.service.js';
import { MessagingPersonalData } from './messaging.personal-data.js';
import { Wordings } from './wordings.service.js';
import { MessageRetention } from './message-retention.js';

@Module({
  imports: [
    DiscoveryModule,
    AuditModule,
    AuthModule,
    BookingsModule,
    BusinessModule,
    CustomersModule,
    OutboxModule,
  ],
  controllers: [MessagesAdminController, TemplatesController],
  providers: [
    MessagingPersonalData,
    MessageQuarantine,
    MessageRetention,
    ChannelRegistry,
    MessageFacts,
    MessageText,
    Wordings,
    Templates,
    TemplatePreviews,
    MessageWriter,
    MessageFallback,
    MessageBegin,
    PlainBegin,
    MessageDelivery,
    MessageReconcile,
    MessageStatus,
    MessageQueries,
    MessagesService,
    TestMessages,
    SpendGuard,
    PlanHandler,
    MoneyPlanHandler,
    MessageSendHandler,
    UrgentSendHandler,
    CodeHandler,
    MessageForgetHandler,
    ContactHandler,
    CalendarNoticeHandler,
    MessagePollHandler,
  ],
  exports: [MessageQueries, MessagesService, TestMessages, MessageStatus, MessageWriter],
})
export class MessagingModule {}
