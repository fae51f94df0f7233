import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { LoggerModule } from 'nestjs-pino';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { usesSandbox, type Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ENTITIES } from './entities.js';
import { BookingsModule } from './bookings/bookings.module.js';
import { BusinessModule } from './business/business.module.js';
import { CalendarModule } from './calendar/calendar.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { HoursModule } from './scheduling/hours.module.js';
import { SchedulingModule } from './scheduling/scheduling.module.js';
import { EmailModule } from './email/email.module.js';
import { HttpModule } from './http/http.module.js';
import { loggingOf } from './logging.js';
import { MessagingModule } from './messaging/messaging.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { PaymentsDeskModule } from './payments/payments-desk.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PortalModule } from './portal/portal.module.js';
import { PrivacyModule } from './privacy/privacy.module.js';
import { RedisModule } from './redis/redis.module.js';
import { SmsModule } from './sms/sms.module.js';
import { TransferModule } from './transfer/transfer.module.js';
import { SandboxModule } from './sandbox/sandbox.module.js';

/** The list of modules: what Lawrei is made of. */
@Module({})
export class AppModule {
  /** `more`: what only some installations have. */
  static of(config: Config, databaseUrl: string, ...more: DynamicModule[]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        LoggerModule.forRoot(loggingOf(config)),
        ScheduleModule.forRoot(),
        DatabaseModule.of(databaseUrl, ENTITIES),
        AuditModule,
        AuthModule,
        HttpModule,
        RedisModule,
        OutboxModule,
        BookingsModule,
        BusinessModule,
        CatalogModule,
        CustomersModule,
        HoursModule,
        SchedulingModule,
        PaymentsDeskModule,
        PaymentsModule,
        CalendarModule,
        MessagingModule,
        SmsModule,
        EmailModule,
        PortalModule,
        PrivacyModule,
        AnalyticsModule,
        TransferModule,
        OperationsModule,
        ...(usesSandbox(config) && !config.production ? [SandboxModule] : []),
        ...more,
      ],
    };
  }
}
