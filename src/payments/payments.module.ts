import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { BusinessModule } from '../business/business.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { PaymentCloseHandler } from './payment-close.handler.js';
import { PaymentDisputeHandler } from './payment-dispute.handler.js';
import { PaymentGateway } from './payment.gateway.js';
import { PaymentProvider } from './payment-provider.service.js';
import { PaymentReconciliation } from './payment-reconciliation.service.js';
import { ProviderProof } from './provider-proof.service.js';
import { PaymentSettleHandler } from './payment-settle.handler.js';
import { PaymentSettling } from './payment-settling.service.js';
import { PaymentsController } from './payments.controller.js';
import { PaymentsDeskModule } from './payments-desk.module.js';
import { Payments } from './payments.service.js';
import { CancellationRefundHandler, RefundLookHandler, RefundSendHandler } from './refund.handlers.js';
import { RefundsAdminController } from './refunds-admin.controller.js';
import { Refunds } from './refunds.service.js';
import { StaffRefunds } from './staff-refunds.service.js';
import { StripeCheckup } from './stripe.checkup.js';
import { StripeGateway } from './stripe.gateway.js';
import { StripeWebhooksController } from './stripe-webhooks.controller.js';
import { StripeWebhooks } from './stripe-webhooks.service.js';

@Module({
  imports: [AuditModule, BookingsModule, BusinessModule, OutboxModule, PaymentsDeskModule],
  controllers: [PaymentsController, RefundsAdminController, StripeWebhooksController],
  providers: [
    { provide: PaymentGateway, useClass: StripeGateway },
    PaymentProvider,
    Payments,
    PaymentSettling,
    PaymentReconciliation,
    ProviderProof,
    Refunds,
    StaffRefunds,
    StripeWebhooks,
    PaymentSettleHandler,
    PaymentCloseHandler,
    PaymentDisputeHandler,
    CancellationRefundHandler,
    RefundSendHandler,
    RefundLookHandler,
    StripeCheckup,
  ],
})
export class PaymentsModule {}
