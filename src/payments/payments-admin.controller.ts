import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { PaymentsQuery } from './dto/payment-desk.request.js';
import { PaymentResponse } from './dto/payment.response.js';
import { ReceiptResponse } from './dto/receipt.response.js';
import { PaymentQueries } from './payment-queries.service.js';
import { PDF_SCHEMA, receiptFile } from './receipt-file.js';

/** Everything that was paid or asked for. */
@ApiTags('Salon: payments')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/payments')
@Refuses('unauthenticated', 'forbidden', 'validation-failed', 'rate-limited', 'unavailable')
export class PaymentsAdminController {
  constructor(private readonly queries: PaymentQueries) {}

  @Get()
  @ApiOperation({ operationId: 'listPayments', summary: 'Payments, newest first' })
  @ApiPageResponse(PaymentResponse)
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: PaymentsQuery,
  ): Promise<Page<PaymentResponse>> {
    const { bookingId, customerId, status, provider, from, to } = query;
    const filter = {
      bookingId: bookingId ?? null,
      customerId: customerId ?? null,
      state: status ?? null,
      provider: provider ?? null,
      from: from ?? null,
      to: to ?? null,
    };
    const views = await this.queries.list(actor, query, filter);
    return pageOf(views, query, ({ payment }) => payment.createdAt, PaymentResponse.from);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getPayment', summary: 'One payment, with what went back of it' })
  @ApiOkResponse({ type: PaymentResponse })
  @Refuses('not-found')
  async get(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<PaymentResponse> {
    return PaymentResponse.from(await this.queries.get(actor, id));
  }

  @Get(':id/receipt')
  @Access('reception')
  @ApiOperation({ operationId: 'getReceipt', summary: 'The receipt of a payment' })
  @ApiOkResponse({ type: ReceiptResponse })
  @Refuses('not-found')
  async receipt(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<ReceiptResponse> {
    return ReceiptResponse.from(await this.queries.receipt(actor, id));
  }

  @Get(':id/receipt.pdf')
  @Access('reception')
  @ApiOperation({ operationId: 'printReceipt', summary: 'The receipt of a payment, to print' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: PDF_SCHEMA })
  @Refuses('not-found')
  async pdf(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<StreamableFile> {
    return receiptFile(await this.queries.receipt(actor, id));
  }
}
