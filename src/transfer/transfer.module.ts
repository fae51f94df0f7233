import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { BookingImport } from './booking-import.service.js';
import { CustomerImport } from './customer-import.service.js';
import { DataExports } from './exports.service.js';
import { ImportRun } from './import-run.js';
import { TransferController } from './transfer.controller.js';

@Module({
  imports: [AuditModule, BusinessModule, BookingsModule, CustomersModule],
  controllers: [TransferController],
  providers: [ImportRun, CustomerImport, BookingImport, DataExports],
})
export class TransferModule {}
