import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { AddTimeOffRequest, TimeOffQuery } from './dto/time-off.request.js';
import { AddedTimeOffResponse, TimeOffResponse } from './dto/time-off.response.js';
import { TimeOffService } from './time-off.service.js';

/** When people are away. Staff keep their own, managers everybody's. */
@ApiTags('Salon: hours')
@ApiBearerAuth()
@Access('staff')
@Controller('admin/staff/:id/time-off')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'rate-limited', 'unavailable')
export class TimeOffController {
  constructor(private readonly timeOff: TimeOffService) {}

  @Get()
  @ApiOperation({ operationId: 'listTimeOff', summary: 'A person’s absences that are not over' })
  @ApiPageResponse(TimeOffResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Query() query: TimeOffQuery,
  ): Promise<Page<TimeOffResponse>> {
    const { value, zone } = await this.timeOff.list(actor, id, query);
    return pageOf(
      value,
      query,
      (row) => row.startsAt,
      (row) => TimeOffResponse.from(row, zone),
    );
  }

  @Post()
  @ApiOperation({
    operationId: 'addTimeOff',
    summary: 'Keep a time free; bookings in it stand and are named',
  })
  @ApiCreatedResponse({ type: AddedTimeOffResponse })
  @Refuses('malformed', 'validation-failed')
  async add(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: AddTimeOffRequest,
  ): Promise<AddedTimeOffResponse> {
    return AddedTimeOffResponse.granted(await this.timeOff.add(actor, id, body));
  }

  @Delete(':timeOffId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'removeTimeOff', summary: 'The person is there after all' })
  @ApiNoContentResponse()
  async remove(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Param('timeOffId', IdPipe) timeOffId: string,
  ): Promise<void> {
    await this.timeOff.remove(actor, id, timeOffId);
  }
}
