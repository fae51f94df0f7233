import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { MessagingModule } from '../messaging/messaging.module.js';
import { PaymentsDeskModule } from '../payments/payments-desk.module.js';
import { Portal } from './portal.service.js';
import { PortalChanges } from './portal-changes.service.js';
import { PortalChangesController } from './portal-changes.controller.js';
import { PortalController } from './portal.controller.js';
import { PortalProfileController } from './portal-profile.controller.js';

/** The customer's view and actions. */
@Module({
  imports: [AuthModule, BookingsModule, CustomersModule, MessagingModule, PaymentsDeskModule],
  controllers: [PortalController, PortalChangesController, PortalProfileController],
  providers: [Portal, PortalChanges],
})
export class PortalModule {}
