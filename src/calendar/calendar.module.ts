import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { CalendarConflictsController } from './calendar-conflicts.controller.js';
import { CalendarConflicts } from './calendar-conflicts.service.js';
import { CalendarConnectionsController } from './calendar-connections.controller.js';
import { CalendarConnections } from './calendar-connections.service.js';
import { CalendarConsentController } from './calendar-consent.controller.js';
import { CalendarConsents } from './calendar-consent.service.js';
import { CalendarCustomerHandler } from './calendar-customer.handler.js';
import { CalendarDeciding } from './calendar-deciding.service.js';
import { CalendarLookHandler, CalendarSyncHandler } from './calendar-sync.handlers.js';
import { CalendarSync } from './calendar-sync.service.js';
import { CalendarWatching } from './calendar-watching.js';
import { GooglePushes } from './google-push.service.js';
import { GoogleWebhookController } from './google-webhook.controller.js';
import { CalendarAccounts } from './calendar-accounts.service.js';
import { CalendarEventsController } from './calendar-events.controller.js';
import { CalendarEvents } from './calendar-events.service.js';
import { CalendarGateway } from './calendar.gateway.js';
import { CalendarPersonalData } from './calendar.personal-data.js';
import { CalendarReconcileHandler } from './calendar-reconcile.handler.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';
import { CalendarSetup } from './calendar-setup.js';
import { CalendarSweeper } from './calendar-sweeper.js';
import { EventFactsReader } from './event-facts.service.js';
import { GoogleCheckup } from './google.checkup.js';
import { GoogleCalendarGateway } from './google-calendar.gateway.js';

@Module({
  imports: [
    AuditModule,
    AuthModule,
    BookingsModule,
    BusinessModule,
    CustomersModule,
    OutboxModule,
    SchedulingModule,
  ],
  controllers: [
    CalendarEventsController,
    CalendarConnectionsController,
    CalendarConflictsController,
    CalendarConsentController,
    GoogleWebhookController,
  ],
  providers: [
    { provide: CalendarGateway, useClass: GoogleCalendarGateway },
    CalendarAccounts,
    CalendarSetup,
    CalendarEvents,
    CalendarReconciling,
    CalendarReconcileHandler,
    CalendarCustomerHandler,
    CalendarSweeper,
    CalendarPersonalData,
    GoogleCheckup,
    CalendarSync,
    CalendarSyncHandler,
    CalendarDeciding,
    CalendarLookHandler,
    CalendarWatching,
    CalendarConnections,
    CalendarConsents,
    CalendarConflicts,
    GooglePushes,
    EventFactsReader,
  ],
})
export class CalendarModule {}
