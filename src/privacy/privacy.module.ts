import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { ErasureHandler } from './erasure.handler.js';
import { Erasures } from './erasures.service.js';
import { ErasureLedger } from './erasure-ledger.service.js';
import { Forgetting } from './forgetting.service.js';
import { Exports } from './exports.service.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { PrivacyAdminController } from './privacy-admin.controller.js';
import { PrivacyController } from './privacy.controller.js';
import { RetentionRules } from './retention-rules.service.js';
import { Retention } from './retention.service.js';
import { RetentionController } from './retention.controller.js';

/** Export, erasure and retention. It knows nobody's tables: whoever holds something about a person says so (`@HoldsPersonalData`). */
@Module({
  imports: [DiscoveryModule, AuditModule, OutboxModule],
  controllers: [PrivacyController, PrivacyAdminController, RetentionController],
  providers: [
    PersonalDataRegistry,
    RetentionRules,
    Forgetting,
    Exports,
    Erasures,
    ErasureHandler,
    ErasureLedger,
    Retention,
  ],
  exports: [ErasureLedger],
})
export class PrivacyModule {}
