import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ExceptionsQuery, SetExceptionRequest, SetWeekRequest } from './dto/hours.request.js';
import { HoursExceptionResponse, WeekResponse } from './dto/hours.response.js';
import { HoursExceptionsService } from './hours-exceptions.service.js';
import { HoursService } from './hours.service.js';
import { LocalDatePipe } from './local-date.pipe.js';

/** When the salon is open. */
@ApiTags('Salon: hours')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/business-hours')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class HoursAdminController {
  constructor(
    private readonly hours: HoursService,
    private readonly exceptions: HoursExceptionsService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getBusinessHours', summary: 'The salon’s week' })
  @ApiOkResponse({ type: WeekResponse })
  async get(@CurrentActor() actor: StaffActor): Promise<WeekResponse> {
    return WeekResponse.from(await this.hours.getBusinessWeek(actor));
  }

  @Put()
  @ApiOperation({
    operationId: 'setBusinessHours',
    summary: 'Say the salon’s whole week; bookings outside it stand',
  })
  @ApiOkResponse({ type: WeekResponse })
  @Refuses('malformed', 'validation-failed')
  async set(@CurrentActor() actor: StaffActor, @Body() body: SetWeekRequest): Promise<WeekResponse> {
    return WeekResponse.from(await this.hours.setWeek(actor, null, body.week));
  }

  @Get('exceptions')
  @ApiOperation({
    operationId: 'listBusinessHoursExceptions',
    summary: 'Dates on which the salon has other hours',
  })
  @ApiPageResponse(HoursExceptionResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: ExceptionsQuery,
  ): Promise<Page<HoursExceptionResponse>> {
    const rows = await this.exceptions.listOfBusiness(actor, query);
    return pageOf(rows, query, (row) => new Date(row.date), HoursExceptionResponse.from);
  }

  @Put('exceptions')
  @ApiOperation({
    operationId: 'setBusinessHoursException',
    summary: 'Close on a date, or open at other hours',
  })
  @ApiOkResponse({ type: HoursExceptionResponse })
  @Refuses('malformed', 'validation-failed')
  async setException(
    @CurrentActor() actor: StaffActor,
    @Body() body: SetExceptionRequest,
  ): Promise<HoursExceptionResponse> {
    return HoursExceptionResponse.from(await this.exceptions.set(actor, null, body));
  }

  @Delete('exceptions/:date')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeBusinessHoursException', summary: 'Give a date its usual hours again' })
  @ApiNoContentResponse()
  @Refuses('not-found')
  async removeException(
    @CurrentActor() actor: StaffActor,
    @Param('date', LocalDatePipe) date: string,
  ): Promise<void> {
    await this.exceptions.remove(actor, null, date);
  }
}
