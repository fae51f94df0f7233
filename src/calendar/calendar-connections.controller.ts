import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { CalendarConnections } from './calendar-connections.service.js';
import { AddCalendarRequest } from './dto/add-calendar.request.js';
import {
  CalendarConnectionResponse,
  CalendarConnectionsResponse,
} from './dto/calendar-connection.response.js';

/** The accounts at Google and their calendars. */
@ApiTags('Salon: calendar')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/calendar/connections')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class CalendarConnectionsController {
  constructor(private readonly connections: CalendarConnections) {}

  @Get()
  @ApiOperation({
    operationId: 'listCalendarConnections',
    summary: 'The connected accounts, how they are, and their calendars',
  })
  @ApiOkResponse({ type: CalendarConnectionsResponse })
  async list(@CurrentActor() actor: StaffActor): Promise<CalendarConnectionsResponse> {
    return CalendarConnectionsResponse.from(await this.connections.list(actor));
  }

  @Post(':id/sync')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'syncCalendarConnection',
    summary: 'Read an account’s calendars now; also tries again one that was broken',
  })
  @ApiOkResponse({ type: CalendarConnectionResponse })
  @Refuses('not-found', 'calendar-not-connected', 'provider-unavailable')
  async sync(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<CalendarConnectionResponse> {
    return CalendarConnectionResponse.from(await this.connections.sync(actor, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeCalendarConnection',
    summary: 'Use an account no longer; what stands in its calendars stays',
  })
  @ApiNoContentResponse()
  @Refuses('not-found', 'conflict')
  async disconnect(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<void> {
    await this.connections.remove(actor, id);
  }

  @Post(':id/calendars')
  @ApiOperation({ operationId: 'addCalendar', summary: 'Use another calendar of the account' })
  @ApiCreatedResponse({ type: CalendarConnectionResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'conflict')
  async add(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { googleId, staffId, isTarget, readsBusy }: AddCalendarRequest,
  ): Promise<CalendarConnectionResponse> {
    const wanted = {
      googleId,
      staffId: staffId ?? null,
      isTarget: isTarget ?? false,
      readsBusy: readsBusy ?? true,
    };
    return CalendarConnectionResponse.from(await this.connections.addCalendar(actor, id, wanted));
  }

  @Delete(':id/calendars/:calendarId')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeCalendar',
    summary: 'Use a calendar no longer; what stands in it stays',
  })
  @ApiNoContentResponse()
  @Refuses('not-found')
  async remove(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Param('calendarId', IdPipe) calendarId: string,
  ): Promise<void> {
    await this.connections.removeCalendar(actor, id, calendarId);
  }
}
