import { Controller, Delete, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { CalendarEvents } from './calendar-events.service.js';
import { BookingEventResponse } from './dto/booking-event.response.js';

@ApiTags('Salon: calendar')
@ApiBearerAuth()
@Access('reception')
@Controller('admin/calendar')
@Refuses(
  'unauthenticated',
  'forbidden',
  'rate-limited',
  'unavailable',
  'not-found',
  'calendar-not-connected',
  'provider-unavailable',
)
export class CalendarEventsController {
  constructor(private readonly events: CalendarEvents) {}

  @Post('create-event/:id')
  @ApiOperation({
    operationId: 'createCalendarEvent',
    summary: 'Put a booking into Google Calendar at once',
    description:
      'Bookings get there by themselves; this answers with the event, and makes one that was taken away come back.',
  })
  @ApiCreatedResponse({ type: BookingEventResponse, description: 'It was made' })
  @ApiOkResponse({ type: BookingEventResponse, description: 'It was there already' })
  @Refuses('invalid-transition')
  async create(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingEventResponse> {
    const { event, isNew } = await this.events.create(actor, id);
    void reply.status(isNew ? 201 : 200);
    return BookingEventResponse.from(event);
  }

  @Put('update-event/:id')
  @ApiOperation({
    operationId: 'updateCalendarEvent',
    summary: 'Write a booking’s event anew, whatever it says by now',
  })
  @ApiOkResponse({ type: BookingEventResponse })
  @Refuses('invalid-transition')
  async update(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<BookingEventResponse> {
    return BookingEventResponse.from(await this.events.update(actor, id));
  }

  @Delete('delete-event/:id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteCalendarEvent',
    summary: 'Take a booking’s event out of Google Calendar; the booking stays',
  })
  @ApiNoContentResponse()
  async remove(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<void> {
    await this.events.remove(actor, id);
  }
}
