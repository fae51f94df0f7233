import { applyDecorators, Controller, Get, Query, UseInterceptors, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { BookingReports } from './booking-reports.service.js';
import { CsvInterceptor } from './csv.interceptor.js';
import { CustomerReports } from './customer-reports.service.js';
import {
  AnalyticsQuery,
  CustomersAnalyticsQuery,
  FilteredAnalyticsQuery,
  KpisQuery,
  StaffAnalyticsQuery,
} from './dto/analytics.request.js';
import { BookingPatternsResponse } from './dto/booking-patterns.response.js';
import { CustomersReportResponse } from './dto/customers-report.response.js';
import { KpisResponse } from './dto/kpis.response.js';
import { NotificationsResponse } from './dto/notifications.response.js';
import { RetentionReportResponse } from './dto/retention-report.response.js';
import { RevenueResponse } from './dto/revenue.response.js';
import { SatisfactionResponse } from './dto/satisfaction.response.js';
import { ServicesReportResponse } from './dto/services-report.response.js';
import { UtilizationResponse } from './dto/utilization.response.js';
import { Kpis } from './kpis.service.js';
import { MessageReports } from './message-reports.service.js';
import { MoneyReports } from './money-reports.service.js';

/** A report: JSON, or its table as CSV where that is asked for. */
const Report = (operationId: string, summary: string, type: Type) =>
  applyDecorators(
    ApiOperation({ operationId, summary }),
    ApiProduces('application/json', 'text/csv'),
    ApiOkResponse({ type }),
  );

/** How the business does, in numbers; each is defined in docs/analytics.md. */
@ApiTags('Salon: insight')
@ApiBearerAuth()
@Access('manager')
@UseInterceptors(CsvInterceptor)
@Controller('admin/analytics')
@Refuses('unauthenticated', 'forbidden', 'validation-failed', 'rate-limited', 'unavailable')
export class AnalyticsController {
  constructor(
    private readonly bookings: BookingReports,
    private readonly people: CustomerReports,
    private readonly money: MoneyReports,
    private readonly messages: MessageReports,
    private readonly figures: Kpis,
  ) {}

  @Get('booking-patterns')
  @Report(
    'getBookingPatterns',
    'When people come, how long before they book, and where',
    BookingPatternsResponse,
  )
  async patterns(
    @CurrentActor() actor: StaffActor,
    @Query() query: FilteredAnalyticsQuery,
  ): Promise<BookingPatternsResponse> {
    return BookingPatternsResponse.from(await this.bookings.patterns(actor, query));
  }

  @Get('customers')
  @Report('getCustomerReport', 'Who spends what', CustomersReportResponse)
  async customers(
    @CurrentActor() actor: StaffActor,
    @Query() query: CustomersAnalyticsQuery,
  ): Promise<CustomersReportResponse> {
    return CustomersReportResponse.from(await this.people.customers(actor, query));
  }

  @Get('retention')
  @Report('getRetentionReport', 'Whether customers come again', RetentionReportResponse)
  async retention(
    @CurrentActor() actor: StaffActor,
    @Query() query: AnalyticsQuery,
  ): Promise<RetentionReportResponse> {
    return RetentionReportResponse.from(await this.people.retention(actor, query));
  }

  @Get('services')
  @Report('getServiceReport', 'How each service does', ServicesReportResponse)
  async services(
    @CurrentActor() actor: StaffActor,
    @Query() query: FilteredAnalyticsQuery,
  ): Promise<ServicesReportResponse> {
    return ServicesReportResponse.from(await this.bookings.services(actor, query));
  }

  @Get('utilization')
  @Report('getUtilizationReport', 'How well people’s time is used', UtilizationResponse)
  async utilization(
    @CurrentActor() actor: StaffActor,
    @Query() query: StaffAnalyticsQuery,
  ): Promise<UtilizationResponse> {
    return UtilizationResponse.from(await this.bookings.utilization(actor, query));
  }

  @Get('notifications')
  @Report('getNotificationReport', 'What messages achieve', NotificationsResponse)
  async notifications(
    @CurrentActor() actor: StaffActor,
    @Query() query: AnalyticsQuery,
  ): Promise<NotificationsResponse> {
    return NotificationsResponse.from(await this.messages.notifications(actor, query));
  }

  @Get('satisfaction')
  @Report('getSatisfactionReport', 'Whether visits come about', SatisfactionResponse)
  async satisfaction(
    @CurrentActor() actor: StaffActor,
    @Query() query: FilteredAnalyticsQuery,
  ): Promise<SatisfactionResponse> {
    return SatisfactionResponse.from(await this.bookings.satisfaction(actor, query));
  }

  @Get('revenue')
  @Report('getRevenueReport', 'What came in, what went out, and whether payments succeed', RevenueResponse)
  async revenue(
    @CurrentActor() actor: StaffActor,
    @Query() query: FilteredAnalyticsQuery,
  ): Promise<RevenueResponse> {
    return RevenueResponse.from(await this.money.revenue(actor, query));
  }

  @Get('kpis')
  @Report('getKpis', 'Whether the product keeps what it promises', KpisResponse)
  async kpis(@CurrentActor() actor: StaffActor, @Query() query: KpisQuery): Promise<KpisResponse> {
    return KpisResponse.from(await this.figures.report(actor, query));
  }
}
