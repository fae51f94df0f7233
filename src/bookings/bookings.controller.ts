import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access, CurrentActor } from '../common/access.js';
import type { CustomerActor, GuestActor, PublicActor } from '../common/actor.js';
import { MoneyField } from '../common/money.response.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, Idempotent, IdPipe, IfMatch, Limited } from '../common/route.decorators.js';
import { SlotsResponse } from '../scheduling/dto/slots.response.js';
import { BookingCreation } from './booking-creation.service.js';
import { BookingMoves } from './booking-moves.service.js';
import { BookingQueries } from './booking-queries.service.js';
import { BookingSlots } from './booking-slots.service.js';
import { BookingsService } from './bookings.service.js';
import { BookingResponse } from './dto/booking.response.js';
import { CancellationResponse } from './dto/cancellation.response.js';
import { BookingSlotsQuery, CancelRequest, RescheduleRequest } from './dto/change-booking.request.js';
import { commandOf, CreateBookingRequest } from './dto/create-booking.request.js';
import { guestOf } from './dto/guest.js';

@ApiTags('Booking')
@ApiBearerAuth()
@Controller('api/bookings')
@Refuses('unauthenticated', 'rate-limited', 'validation-failed', 'malformed', 'unavailable')
export class BookingsController {
  constructor(
    private readonly creation: BookingCreation,
    private readonly bookings: BookingsService,
    private readonly moves: BookingMoves,
    private readonly queries: BookingQueries,
    private readonly slots: BookingSlots,
  ) {}

  @Post()
  @Access('public', 'customer')
  @Idempotent()
  @ETagged()
  @Limited({ name: 'booking', max: 10, seconds: 60 })
  @ApiOperation({
    operationId: 'createBooking',
    summary: 'Book for oneself: as a signed-in customer, or as a guest with name and contact',
    description:
      'With something to pay the booking is `held` until `holdExpiresAt`; otherwise it is `confirmed` at once.',
  })
  @ApiCreatedResponse({ type: BookingResponse })
  @ApiOkResponse({
    type: BookingResponse,
    description: 'A signed-in customer asked the same twice within two minutes: the first booking again',
  })
  @Refuses('not-found', 'slot-unavailable', 'outside-business-hours', 'min-notice', 'max-horizon', 'off-grid')
  @Refuses(
    'service-staff-mismatch',
    'active-booking-limit',
    'hold-limit',
    'idempotency-in-progress',
    'idempotency-key-reused',
  )
  async create(
    @CurrentActor() actor: PublicActor | CustomerActor,
    @Body() body: CreateBookingRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingResponse> {
    const command = commandOf(body);
    if (actor.kind === 'public')
      return BookingResponse.forOwner(
        await this.creation.bookAsGuest(actor, guestOf(body.customer), command),
      );
    const { booking, isNew } = await this.creation.bookAsCustomer(actor, command, key !== undefined);
    if (!isNew) reply.status(HttpStatus.OK);
    return BookingResponse.forOwner(booking);
  }

  @Get(':id')
  @Access('customer', 'guest')
  @ETagged()
  @ApiOperation({ operationId: 'getMyBooking', summary: 'One of my bookings' })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found', 'forbidden')
  async get(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<BookingResponse> {
    return BookingResponse.forOwner(await this.queries.get(actor, id));
  }

  @Get(':id/slots')
  @Access('customer', 'guest')
  @ETagged('hash')
  @ApiOperation({
    operationId: 'listSlotsForMyBooking',
    summary: 'Free starts that one of my bookings could be moved to; its own time counts as free',
  })
  @ApiOkResponse({ type: SlotsResponse })
  @Refuses('not-found', 'forbidden', 'service-staff-mismatch')
  @Refuses('reschedule-window-closed', 'reschedule-limit', 'invalid-transition')
  async listSlots(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
    @Query() { from, to, staffId, timeZone }: BookingSlotsQuery,
  ): Promise<SlotsResponse> {
    const question = { from, to, staffId: staffId ?? null, timeZone: timeZone ?? null };
    const places = await this.slots.forOwnMove(actor, id, question);
    return { ...SlotsResponse.from(places), price: MoneyField.of(places.totalMinor, places.currency) };
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Access('customer', 'guest')
  @Idempotent()
  @ApiOperation({
    operationId: 'cancelMyBookingById',
    summary: 'Cancel one of my bookings, until the window closes',
  })
  @ApiOkResponse({ type: CancellationResponse })
  @Refuses('not-found', 'forbidden', 'cancellation-window-closed', 'invalid-transition', 'version-mismatch')
  @Refuses('idempotency-in-progress', 'idempotency-key-reused')
  async cancel(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CancelRequest,
    @IfMatch() version: number | null,
  ): Promise<CancellationResponse> {
    return CancellationResponse.forOwner(
      await this.bookings.cancelOwn(actor, id, body.reason ?? null, version),
    );
  }

  @Put(':id/reschedule')
  @Access('customer', 'guest')
  @Idempotent()
  @ETagged()
  @ApiOperation({
    operationId: 'rescheduleMyBookingById',
    summary: 'Move one of my bookings; if the new time is gone, the old one stays',
  })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses(
    'not-found',
    'forbidden',
    'reschedule-window-closed',
    'reschedule-limit',
    'invalid-transition',
    'version-mismatch',
  )
  @Refuses(
    'slot-unavailable',
    'outside-business-hours',
    'min-notice',
    'max-horizon',
    'off-grid',
    'service-staff-mismatch',
  )
  @Refuses('idempotency-in-progress', 'idempotency-key-reused')
  async reschedule(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RescheduleRequest,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.forOwner(
      await this.moves.moveOwn(actor, id, { start: body.start, staffId: body.staffId ?? null }, version),
    );
  }
}
