import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditQueries } from './audit-queries.service.js';
import { AuditLog } from './audit.service.js';

@Module({ controllers: [AuditController], providers: [AuditLog, AuditQueries], exports: [AuditLog] })
export class AuditModule {}
