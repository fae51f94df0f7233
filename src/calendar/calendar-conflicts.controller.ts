import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { CalendarConflicts } from './calendar-conflicts.service.js';
import { CalendarConflictsQuery, ResolveConflictRequest } from './dto/calendar-conflict.request.js';
import { CalendarConflictResponse } from './dto/calendar-conflict.response.js';

/** Where Google Calendar and the bookings disagree. */
@ApiTags('Salon: calendar')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/calendar/conflicts')
@Refuses('unauthenticated', 'forbidden', 'validation-failed', 'rate-limited', 'unavailable')
export class CalendarConflictsController {
  constructor(private readonly conflicts: CalendarConflicts) {}

  @Get()
  @ApiOperation({
    operationId: 'listCalendarConflicts',
    summary: 'Where calendar and bookings disagree, newest first',
  })
  @ApiPageResponse(CalendarConflictResponse)
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: CalendarConflictsQuery,
  ): Promise<Page<CalendarConflictResponse>> {
    const isOpen = query.state === undefined ? null : query.state === 'open';
    const conflicts = await this.conflicts.list(actor, query, isOpen);
    return pageOf(conflicts, query, ({ createdAt }) => createdAt, CalendarConflictResponse.from);
  }

  @Post(':id/resolve')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resolveCalendarConflict', summary: 'Decide a conflict, and do it' })
  @ApiOkResponse({ type: CalendarConflictResponse })
  @Refuses('malformed', 'not-found', 'conflict', 'invalid-transition', 'slot-unavailable', 'off-grid')
  @Refuses('calendar-not-connected', 'provider-unavailable')
  async resolve(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { action }: ResolveConflictRequest,
  ): Promise<CalendarConflictResponse> {
    return CalendarConflictResponse.from(await this.conflicts.resolve(actor, id, action));
  }
}
