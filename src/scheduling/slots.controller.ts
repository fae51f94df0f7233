import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { CacheFor, ETagged } from '../common/route.decorators.js';
import { SlotsQuery, StaffSlotsQuery } from './dto/slots.request.js';
import { SlotsResponse } from './dto/slots.response.js';
import { SlotSearch, type SlotQuestion } from './slot-search.service.js';

@ApiTags('Slots')
@Controller()
@Refuses('not-found', 'service-staff-mismatch', 'validation-failed', 'rate-limited', 'unavailable')
export class SlotsController {
  constructor(private readonly search: SlotSearch) {}

  @Get('api/slots')
  @Access('public')
  @ETagged('hash')
  @CacheFor({ seconds: 5, staleSeconds: 30, surrogateKey: 'slots' })
  @ApiOperation({ operationId: 'listSlots', summary: 'Free starts of a service, by local date' })
  @ApiOkResponse({ type: SlotsResponse })
  async list(@Query() query: SlotsQuery): Promise<SlotsResponse> {
    return SlotsResponse.from(await this.search.find(questionOf(query, false, null)));
  }

  @Get('admin/calendar/available-slots')
  @Access('staff')
  @ApiBearerAuth()
  @ETagged('hash')
  @ApiOperation({ operationId: 'listSlotsForStaff', summary: 'The same engine without notice and horizon' })
  @ApiOkResponse({ type: SlotsResponse })
  @Refuses('unauthenticated', 'forbidden')
  async listForStaff(@Query() query: StaffSlotsQuery): Promise<SlotsResponse> {
    return SlotsResponse.from(
      await this.search.find(questionOf(query, true, query.excludeBookingId ?? null)),
    );
  }
}

function questionOf(query: SlotsQuery, asStaff: boolean, excludeBookingId: string | null): SlotQuestion {
  const { serviceId, from, to } = query;
  return {
    serviceId,
    staffId: query.staffId ?? null,
    from,
    to,
    timeZone: query.timeZone ?? null,
    asStaff,
    excludeBookingId,
  };
}
