import type { Readable } from 'node:stream';
import {
  applyDecorators,
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Query,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { BookingImport } from './booking-import.service.js';
import { CustomerImport } from './customer-import.service.js';
import { BookingsExportQuery } from './dto/export.request.js';
import { ImportQuery, ImportRequest } from './dto/import.request.js';
import { ImportReportResponse } from './dto/import-report.response.js';
import { DataExports } from './exports.service.js';

const CSV = 'text/csv; charset=utf-8';

/** Takes a file: everything in it or nothing. */
const Imports = (operationId: string, summary: string) =>
  applyDecorators(
    HttpCode(200),
    ApiOperation({ operationId, summary }),
    ApiConsumes('application/json', 'text/csv'),
    ApiOkResponse({ type: ImportReportResponse }),
    Refuses('malformed', 'validation-failed', 'payload-too-large', 'unsupported-media-type'),
  );

/** Gives a file. */
const ExportsFile = (operationId: string, summary: string) =>
  applyDecorators(
    ApiOperation({ operationId, summary }),
    ApiProduces('text/csv'),
    ApiOkResponse({ schema: { type: 'string', example: 'id,name,phone,email\r\n' } }),
  );

/** Moving in from another system, and out again. */
@ApiTags('Salon: files')
@ApiBearerAuth()
@Access('owner')
@Controller('admin')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class TransferController {
  constructor(
    private readonly customerImport: CustomerImport,
    private readonly bookingImport: BookingImport,
    private readonly exports: DataExports,
  ) {}

  @Post('imports/customers')
  @Imports('importCustomers', 'Bring in customers from a file of at most 2,000 rows')
  async importCustomers(
    @CurrentActor() actor: StaffActor,
    @Query() { dryRun = false }: ImportQuery,
    @Body() { csv }: ImportRequest,
  ): Promise<ImportReportResponse> {
    return ImportReportResponse.of(await this.customerImport.of(actor, csv, dryRun));
  }

  @Post('imports/bookings')
  @Imports('importBookings', 'Bring in bookings from a file of at most 500 rows; nobody is told of them')
  async importBookings(
    @CurrentActor() actor: StaffActor,
    @Query() { dryRun = false }: ImportQuery,
    @Body() { csv }: ImportRequest,
  ): Promise<ImportReportResponse> {
    return ImportReportResponse.of(await this.bookingImport.of(actor, csv, dryRun));
  }

  @Get('exports/customers')
  @ExportsFile('exportCustomers', 'All customers as a file')
  async exportCustomers(@CurrentActor() actor: StaffActor): Promise<StreamableFile> {
    return fileOf(await this.exports.customers(actor), 'customers');
  }

  @Get('exports/bookings')
  @ExportsFile('exportBookings', 'Bookings as a file, by start')
  @Refuses('validation-failed')
  async exportBookings(
    @CurrentActor() actor: StaffActor,
    @Query() query: BookingsExportQuery,
  ): Promise<StreamableFile> {
    return fileOf(await this.exports.bookings(actor, query), 'bookings');
  }
}

function fileOf(lines: Readable, name: string): StreamableFile {
  return new StreamableFile(lines, { type: CSV, disposition: `attachment; filename="${name}.csv"` });
}
