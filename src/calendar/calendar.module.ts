import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { BusinessModule } from '../business/business.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { CalendarAccounts } from './calendar-accounts.service.js';
import { CalendarEventsController } from './calendar-events.controller.js';
import { CalendarEvents } from './calendar-events.service.js';
import { CalendarGateway } from './calendar.gateway.js';
import { CalendarReconcileHandler } from './calendar-reconcile.handler.js';
import { CalendarReconciling } from './calendar-reconciling.service.js';
import { CalendarSetup } from './calendar-setup.js';
import { CalendarSweeper } from './calendar-sweeper.js';
import { EventFactsReader } from './event-facts.service.js';
import { GoogleCalendarGateway } from './google-calendar.gateway.js';

@Module({
  imports: [AuditModule, BookingsModule, BusinessModule, OutboxModule],
  controllers: [CalendarEventsController],
  providers: [
    { provide: CalendarGateway, useClass: GoogleCalendarGateway },
    CalendarAccounts,
    CalendarSetup,
    CalendarEvents,
    CalendarReconciling,
    CalendarReconcileHandler,
    CalendarSweeper,
    EventFactsReader,
  ],
})
export class CalendarModule {}
