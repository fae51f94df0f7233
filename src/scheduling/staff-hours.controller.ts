import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { ExceptionsQuery, SetExceptionRequest, SetWeekRequest } from './dto/hours.request.js';
import { HoursExceptionResponse, WeekResponse } from './dto/hours.response.js';
import { HoursExceptionsService } from './hours-exceptions.service.js';
import { HoursService } from './hours.service.js';
import { LocalDatePipe } from './local-date.pipe.js';

/** When people work, where it differs from the salon's hours. Staff keep their own, managers everybody's. */
@ApiTags('Salon: hours')
@ApiBearerAuth()
@Access('staff')
@Controller('admin/staff/:id')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'rate-limited', 'unavailable')
export class StaffHoursController {
  constructor(
    private readonly hours: HoursService,
    private readonly exceptions: HoursExceptionsService,
  ) {}

  @Get('hours')
  @ApiOperation({
    operationId: 'getStaffHours',
    summary: 'A person’s own week; empty when they work the salon’s hours',
  })
  @ApiOkResponse({ type: WeekResponse })
  async get(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<WeekResponse> {
    return WeekResponse.from(await this.hours.getStaffWeek(actor, id));
  }

  @Put('hours')
  @ApiOperation({
    operationId: 'setStaffHours',
    summary: 'Say a person’s whole week; an empty one means the salon’s hours',
  })
  @ApiOkResponse({ type: WeekResponse })
  @Refuses('malformed', 'validation-failed')
  async set(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: SetWeekRequest,
  ): Promise<WeekResponse> {
    return WeekResponse.from(await this.hours.setWeek(actor, id, body.week));
  }

  @Get('exceptions')
  @ApiOperation({
    operationId: 'listStaffHoursExceptions',
    summary: 'Dates on which a person works other hours',
  })
  @ApiPageResponse(HoursExceptionResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Query() query: ExceptionsQuery,
  ): Promise<Page<HoursExceptionResponse>> {
    const rows = await this.exceptions.listOfStaff(actor, id, query);
    return pageOf(rows, query, (row) => new Date(row.date), HoursExceptionResponse.from);
  }

  @Put('exceptions')
  @ApiOperation({ operationId: 'setStaffHoursException', summary: 'Give a person other hours on a date' })
  @ApiOkResponse({ type: HoursExceptionResponse })
  @Refuses('malformed', 'validation-failed')
  async setException(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: SetExceptionRequest,
  ): Promise<HoursExceptionResponse> {
    return HoursExceptionResponse.from(await this.exceptions.set(actor, id, body));
  }

  @Delete('exceptions/:date')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeStaffHoursException',
    summary: 'Give a person’s date its usual hours again',
  })
  @ApiNoContentResponse()
  async removeException(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Param('date', LocalDatePipe) date: string,
  ): Promise<void> {
    await this.exceptions.remove(actor, id, date);
  }
}
