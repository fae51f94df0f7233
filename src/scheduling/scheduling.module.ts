import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { Allocations } from './allocations.service.js';
import { ExternalBusyTimes } from './external-busy.service.js';
import { SalonCache } from './salon-cache.service.js';
import { SlotSearch } from './slot-search.service.js';
import { SlotsController } from './slots.controller.js';
import { WorkingTimes } from './working-times.service.js';

@Module({
  imports: [AuditModule, BusinessModule],
  controllers: [SlotsController],
  providers: [SalonCache, SlotSearch, Allocations, ExternalBusyTimes, WorkingTimes],
  exports: [Allocations, ExternalBusyTimes, SlotSearch, WorkingTimes],
})
export class SchedulingModule {}
