import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, Idempotent, IdPipe, IfMatch } from '../common/route.decorators.js';
import { BookingResponse } from '../bookings/dto/booking.response.js';
import { CancellationResponse } from '../bookings/dto/cancellation.response.js';
import { CancelRequest, RescheduleRequest } from '../bookings/dto/change-booking.request.js';
import type { PortalActor } from '../bookings/own-bookings.service.js';
import { PortalChanges } from './portal-changes.service.js';

@ApiTags('Customer portal')
@ApiBearerAuth()
@Access('customer', 'reception')
@Controller('api/customer-portal')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'erased', 'rate-limited', 'unavailable')
@Refuses('validation-failed', 'malformed', 'version-mismatch', 'invalid-transition')
@Refuses('idempotency-in-progress', 'idempotency-key-reused')
export class PortalChangesController {
  constructor(private readonly changes: PortalChanges) {}

  @Post(':id/cancel/:bookingId')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    operationId: 'cancelMyBooking',
    summary: 'Cancel one of my bookings, until the window closes; done twice it answers as the first time',
  })
  @ApiOkResponse({ type: CancellationResponse })
  @Refuses('cancellation-window-closed')
  async cancel(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) customerId: string,
    @Param('bookingId', IdPipe) bookingId: string,
    @Body() body: CancelRequest,
    @IfMatch() version: number | null,
  ): Promise<CancellationResponse> {
    const of = { customerId, bookingId };
    return CancellationResponse.forOwner(await this.changes.cancel(actor, of, body.reason ?? null, version));
  }

  @Put(':id/reschedule/:bookingId')
  @Idempotent()
  @ETagged()
  @ApiOperation({
    operationId: 'rescheduleMyBooking',
    summary: 'Move one of my bookings; if the new time is gone, the old one stays',
  })
  @ApiOkResponse({ type: BookingResponse })
  @Refuses('reschedule-window-closed', 'reschedule-limit', 'slot-unavailable', 'outside-business-hours')
  @Refuses('min-notice', 'max-horizon', 'off-grid', 'service-staff-mismatch')
  async reschedule(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) customerId: string,
    @Param('bookingId', IdPipe) bookingId: string,
    @Body() body: RescheduleRequest,
    @IfMatch() version: number | null,
  ): Promise<BookingResponse> {
    const place = { start: body.start, staffId: body.staffId ?? null };
    return BookingResponse.forOwner(
      await this.changes.reschedule(actor, { customerId, bookingId }, place, version),
    );
  }
}
