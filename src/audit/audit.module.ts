import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditQueries } from './audit-queries.service.js';
import { AuditLog } from './audit.service.js';
import { AuditPersonalData } from './audit.personal-data.js';
import { AuditRetention } from './audit-retention.js';

@Module({
  controllers: [AuditController],
  providers: [AuditPersonalData, AuditRetention, AuditLog, AuditQueries],
  exports: [AuditLog],
})
export class AuditModule {}
