import { Module } from '@nestjs/common';
import { BusinessModule } from '../business/business.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { SchedulingModule } from '../scheduling/scheduling.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { BookingReports } from './booking-reports.service.js';
import { CustomerReports } from './customer-reports.service.js';
import { Kpis } from './kpis.service.js';
import { MessageReports } from './message-reports.service.js';
import { MoneyReports } from './money-reports.service.js';
import { ReportDays } from './report-days.service.js';
import { ReportReader } from './report-reader.service.js';

@Module({
  imports: [BusinessModule, SchedulingModule, OutboxModule],
  controllers: [AnalyticsController],
  providers: [ReportReader, BookingReports, CustomerReports, MoneyReports, MessageReports, ReportDays, Kpis],
})
export class AnalyticsModule {}
