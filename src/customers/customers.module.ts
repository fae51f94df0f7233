import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { ConsentService } from './consent.service.js';
import { CustomersAdminController } from './customers-admin.controller.js';
import { CustomersService } from './customers.service.js';
import { OptOutService } from './opt-out.service.js';
import { Profiles } from './profiles.service.js';
import { VerifiedContacts } from './verified-contacts.service.js';
import { CustomersPersonalData } from './customers.personal-data.js';
import { ConsentRetention } from './consent-retention.js';

@Module({
  imports: [AuditModule, BusinessModule, OutboxModule],
  controllers: [CustomersAdminController],
  providers: [
    CustomersPersonalData,
    ConsentRetention,
    CustomersService,
    ConsentService,
    OptOutService,
    Profiles,
    VerifiedContacts,
  ],
  exports: [CustomersService, ConsentService, OptOutService, Profiles, VerifiedContacts],
})
export class CustomersModule {}
