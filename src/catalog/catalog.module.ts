import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CatalogController } from './catalog.controller.js';
import { CatalogService } from './catalog.service.js';
import { ServicesAdminController } from './services-admin.controller.js';
import { ServicesService } from './services.service.js';
import { StaffAdminController } from './staff-admin.controller.js';
import { StaffService } from './staff.service.js';

@Module({
  imports: [AuditModule, BusinessModule],
  controllers: [CatalogController, ServicesAdminController, StaffAdminController],
  providers: [CatalogService, ServicesService, StaffService],
  exports: [CatalogService],
})
export class CatalogModule {}
