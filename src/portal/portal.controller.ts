import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import { normalizeEmail } from '../common/contact.js';
import { ApiPageResponse, pageOf, PageQuery, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IdPipe } from '../common/route.decorators.js';
import type { PortalActor } from '../bookings/own-bookings.service.js';
import { UpcomingBookingResponse } from '../bookings/dto/upcoming-booking.response.js';
import { PaymentResponse } from '../payments/dto/payment.response.js';
import { MyMessageResponse } from './dto/my-message.response.js';
import {
  ActivitiesResponse,
  ActivityResponse,
  PaidBookingResponse,
  PortalResponse,
  StatsResponse,
  UpcomingResponse,
} from './dto/portal.response.js';
import { Portal } from './portal.service.js';

/** What a customer sees of the salon; the desk sees it for everybody. */
@ApiTags('Customer portal')
@ApiBearerAuth()
@Access('customer', 'reception')
@Controller('api/customer-portal')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'erased', 'rate-limited', 'unavailable')
export class PortalController {
  constructor(private readonly portal: Portal) {}

  @Get('id/:customerId')
  @ETagged('hash')
  @ApiOperation({
    operationId: 'getPortal',
    summary: 'The whole portal: profile, numbers, upcoming, activity, payments',
  })
  @ApiOkResponse({ type: PortalResponse })
  async whole(
    @CurrentActor() actor: PortalActor,
    @Param('customerId', IdPipe) customerId: string,
  ): Promise<PortalResponse> {
    return PortalResponse.from(await this.portal.whole(actor, customerId));
  }

  @Get(':email')
  @ETagged('hash')
  @ApiOperation({
    operationId: 'getPortalByEmail',
    summary: 'The same by e-mail address: one’s own proven one, or for the desk anybody’s',
    description: 'Any other address is not found, whether or not somebody is known by it.',
  })
  @ApiOkResponse({ type: PortalResponse })
  async wholeByEmail(
    @CurrentActor() actor: PortalActor,
    @Param('email') address: string,
  ): Promise<PortalResponse> {
    return PortalResponse.from(await this.portal.wholeByEmail(actor, normalizeEmail(address)));
  }

  @Get(':id/upcoming')
  @ETagged('hash')
  @ApiOperation({ operationId: 'listUpcoming', summary: 'What is to come, with what may be done about each' })
  @ApiOkResponse({ type: UpcomingResponse })
  async upcoming(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
  ): Promise<UpcomingResponse> {
    return { data: (await this.portal.upcoming(actor, id)).map(UpcomingBookingResponse.of) };
  }

  @Get(':id/history')
  @ETagged('hash')
  @ApiOperation({
    operationId: 'listHistory',
    summary: 'All bookings, the latest first, with what was paid and went back',
  })
  @ApiPageResponse(PaidBookingResponse)
  @Refuses('validation-failed')
  async history(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<PaidBookingResponse>> {
    const rows = await this.portal.history(actor, id, query);
    return pageOf(rows, query, ({ booking }) => booking.startsAt, PaidBookingResponse.of);
  }

  @Get(':id/payments')
  @ApiOperation({
    operationId: 'listMyPayments',
    summary: 'All payments, the latest first, with their refunds',
  })
  @ApiPageResponse(PaymentResponse)
  @Refuses('validation-failed')
  async payments(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<PaymentResponse>> {
    const rows = await this.portal.paymentsOf(actor, id, query);
    return pageOf(rows, query, ({ payment }) => payment.createdAt, PaymentResponse.forOwner);
  }

  @Get(':id/stats')
  @ApiOperation({ operationId: 'getMyStats', summary: 'Visits, money and favourites in numbers' })
  @ApiOkResponse({ type: StatsResponse })
  async stats(@CurrentActor() actor: PortalActor, @Param('id', IdPipe) id: string): Promise<StatsResponse> {
    return StatsResponse.from(await this.portal.stats(actor, id));
  }

  @Get(':id/activity')
  @ApiOperation({ operationId: 'listActivity', summary: 'The last 20 things that happened' })
  @ApiOkResponse({ type: ActivitiesResponse })
  async activity(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
  ): Promise<ActivitiesResponse> {
    return { data: (await this.portal.activity(actor, id)).map(ActivityResponse.from) };
  }

  @Get(':id/messages')
  @ApiOperation({
    operationId: 'listMyMessages',
    summary: 'Texts and e-mails between the salon and me, the latest first',
  })
  @ApiPageResponse(MyMessageResponse)
  @Refuses('validation-failed')
  async messages(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<MyMessageResponse>> {
    const rows = await this.portal.messagesOf(actor, id, query);
    return pageOf(rows, query, ({ createdAt }) => createdAt, MyMessageResponse.from);
  }
}
