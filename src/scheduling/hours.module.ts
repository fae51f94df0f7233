import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { HoursAdminController } from './hours-admin.controller.js';
import { HoursExceptionsService } from './hours-exceptions.service.js';
import { HoursSeeding } from './hours-seeding.js';
import { HoursService } from './hours.service.js';
import { StaffHoursController } from './staff-hours.controller.js';
import { SupportController } from './support.controller.js';
import { SupportService } from './support.service.js';
import { TimeOffController } from './time-off.controller.js';
import { TimeOffService } from './time-off.service.js';

/** When the salon is open and who is away; slot search and bookings live in SchedulingModule. */
@Module({
  imports: [AuditModule, BusinessModule, CatalogModule],
  controllers: [HoursAdminController, StaffHoursController, TimeOffController, SupportController],
  providers: [HoursService, HoursExceptionsService, TimeOffService, SupportService, HoursSeeding],
})
export class HoursModule {}
