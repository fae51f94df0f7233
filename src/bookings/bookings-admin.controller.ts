import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, Idempotent, IdPipe, IfMatch } from '../common/route.decorators.js';
import { BookingCreation } from './booking-creation.service.js';
import { BookingMoves } from './booking-moves.service.js';
import { BookingPrices } from './booking-prices.service.js';
import { BookingQueries } from './booking-queries.service.js';
import { BookingsService } from './bookings.service.js';
import { BookingResponse } from './dto/booking.response.js';
import { CancellationResponse } from './dto/cancellation.response.js';
import {
  BookingListQuery,
  CorrectRequest,
  PriceRequest,
  ReasonRequest,
  RescheduleRequest,
  StaffBookingRequest,
  StaffCancelRequest,
} from './dto/change-booking.request.js';
import { commandOf } from './dto/create-booking.request.js';
import { bookedForOf } from './dto/guest.js';

@ApiTags('Admin: bookings')
@ApiBearerAuth()
@Access('staff')
@Controller('admin/bookings')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'validation-failed', 'malformed', 'unavailable')
export class BookingsAdminController {
  constructor(
    private readonly creation: BookingCreation,
    private readonly bookings: BookingsService,
    private readonly moves: BookingMoves,
    private readonly queries: BookingQueries,
    private readonly prices: BookingPrices,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listBookings',
    summary: 'Bookings by start; staff see their own calendar, reception and above all',
  })
  @ApiPageResponse(BookingResponse)
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: BookingListQuery,
  ): Promise<Page<BookingResponse>> {
    const { from, to, staffId, customerId, status } = query;
    const filter = {
      from: from ?? null,
      to: to ?? null,
      staffId: staffId ?? null,
      customerId: customerId ?? null,
      status: status ?? null,
    };
    const views = await this.queries.list(actor, query, filter);
    return pageOf(views, query, (view) => view.startsAt, BookingResponse.from);
  }

  @Get(':id')
  @ETagged()
  @ApiOperation({ operationId: 'getBooking', summary: 'One booking with its history' })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found')
  async get(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<BookingResponse> {
    return BookingResponse.from(await this.queries.get(actor, id));
  }

  @Post()
  @Access('reception')
  @Idempotent()
  @ETagged()
  @ApiOperation({
    operationId: 'createBookingForCustomer',
    summary: 'Book for a customer; hours and notice only warn, taken time refuses',
  })
  @ApiCreatedResponse({ type: BookingResponse })
  @Refuses('not-found', 'slot-unavailable', 'off-grid', 'service-staff-mismatch', 'active-booking-limit')
  @Refuses('idempotency-in-progress', 'idempotency-key-reused')
  async create(
    @CurrentActor() actor: StaffActor,
    @Body() body: StaffBookingRequest,
  ): Promise<BookingResponse> {
    const licence = {
      waiveReason: body.waive?.reason ?? null,
      overrideReason: body.override?.reason ?? null,
    };
    return BookingResponse.from(
      await this.creation.bookAsStaff(actor, bookedForOf(body), commandOf(body), licence),
    );
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ operationId: 'cancelBooking', summary: 'Cancel at any time, saying on whose behalf' })
  @ApiOkResponse({ type: CancellationResponse })
  @Refuses(
    'not-found',
    'invalid-transition',
    'version-mismatch',
    'idempotency-in-progress',
    'idempotency-key-reused',
  )
  async cancel(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: StaffCancelRequest,
    @IfMatch() version: number | null,
  ): Promise<CancellationResponse> {
    return CancellationResponse.from(await this.bookings.cancelAsStaff(actor, id, body, version));
  }

  @Put(':id/reschedule')
  @Idempotent()
  @ETagged()
  @ApiOperation({ operationId: 'rescheduleBooking', summary: 'Move a booking; hours and notice only warn' })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses(
    'not-found',
    'invalid-transition',
    'version-mismatch',
    'slot-unavailable',
    'off-grid',
    'service-staff-mismatch',
  )
  @Refuses('idempotency-in-progress', 'idempotency-key-reused')
  async reschedule(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: RescheduleRequest,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.from(
      await this.moves.moveAsStaff(actor, id, { start: body.start, staffId: body.staffId ?? null }, version),
    );
  }

  @Post(':id/complete')
  @HttpCode(200)
  @ETagged()
  @ApiOperation({ operationId: 'completeBooking', summary: 'The customer came' })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found', 'invalid-transition', 'version-mismatch')
  async complete(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.from(await this.bookings.complete(actor, id, version));
  }

  @Post(':id/no-show')
  @HttpCode(200)
  @ETagged()
  @ApiOperation({
    operationId: 'markNoShow',
    summary: 'The customer did not come; possible ten minutes after the start',
  })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found', 'invalid-transition', 'version-mismatch')
  async noShow(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.from(await this.bookings.markNoShow(actor, id, version));
  }

  @Post(':id/correct')
  @HttpCode(200)
  @Access('manager')
  @ETagged()
  @ApiOperation({
    operationId: 'correctOutcome',
    summary: 'Turn completed into no-show or back, within seven days',
  })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found', 'invalid-transition', 'version-mismatch')
  async correct(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CorrectRequest,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.from(await this.bookings.correct(actor, id, body, version));
  }

  @Put(':id/price')
  @Access('manager')
  @ETagged()
  @ApiOperation({
    operationId: 'changeBookingPrice',
    summary: 'Change the price of a held or confirmed booking, with a reason',
    description: 'A held booking that has nothing left to pay is confirmed at once.',
  })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found', 'invalid-transition', 'hold-expired', 'version-mismatch')
  async changePrice(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { price, reason }: PriceRequest,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.from(await this.prices.change(actor, id, { price, reason }, version));
  }

  @Post(':id/waive-payment')
  @HttpCode(200)
  @Access('reception')
  @ETagged()
  @ApiOperation({ operationId: 'waivePayment', summary: 'Confirm a held booking without payment' })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('not-found', 'invalid-transition', 'hold-expired', 'version-mismatch')
  async waive(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ReasonRequest,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    return BookingResponse.from(
      await this.bookings.waivePayment(actor, id, { waiveReason: body.reason }, version),
    );
  }
}
