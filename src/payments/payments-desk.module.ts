import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { BusinessModule } from '../business/business.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { OwnPaymentsController } from './own-payments.controller.js';
import { PaymentPolls } from './payment-polls.service.js';
import { PaymentQueries } from './payment-queries.service.js';
import { PaymentTasksController } from './payment-tasks.controller.js';
import { PaymentTasks } from './payment-tasks.service.js';
import { PaymentsAdminController } from './payments-admin.controller.js';
import { Receipts } from './receipts.service.js';
import { SalonPaymentsController } from './salon-payments.controller.js';
import { SalonPayments } from './salon-payments.service.js';
import { PaymentsPersonalData } from './payments.personal-data.js';
import { PaymentRetention } from './payment-retention.js';

/** What people at the desk do with money, and what everybody reads of it; no provider takes part. */
@Module({
  imports: [AuditModule, BookingsModule, BusinessModule, OutboxModule],
  // The tasks come first: `tasks` is no payment's id.
  controllers: [
    PaymentTasksController,
    PaymentsAdminController,
    OwnPaymentsController,
    SalonPaymentsController,
  ],
  providers: [
    PaymentsPersonalData,
    PaymentRetention,
    PaymentPolls,
    PaymentQueries,
    PaymentTasks,
    Receipts,
    SalonPayments,
  ],
  exports: [PaymentQueries, PaymentTasks, Receipts],
})
export class PaymentsDeskModule {}
