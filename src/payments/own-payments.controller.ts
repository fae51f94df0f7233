import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { CustomerActor, GuestActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { PaymentResponse } from './dto/payment.response.js';
import { ReceiptResponse } from './dto/receipt.response.js';
import { PaymentPolls } from './payment-polls.service.js';
import { PaymentQueries } from './payment-queries.service.js';
import { PDF_SCHEMA, receiptFile } from './receipt-file.js';

@ApiTags('Payments')
@ApiBearerAuth()
@Access('customer', 'guest')
@Controller('api/payments')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'validation-failed', 'rate-limited', 'unavailable')
export class OwnPaymentsController {
  constructor(
    private readonly queries: PaymentQueries,
    private readonly polls: PaymentPolls,
  ) {}

  @Get(':id')
  @ApiOperation({
    operationId: 'getMyPayment',
    summary: 'One of my payments, with what went back of it',
    description:
      'To be asked again until it is settled: while it is not, the provider is asked too, at most every ten seconds.',
  })
  @ApiOkResponse({ type: PaymentResponse })
  async get(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<PaymentResponse> {
    const view = await this.queries.get(actor, id);
    await this.polls.look(view.payment);
    return PaymentResponse.forOwner(view);
  }

  @Get(':id/receipt')
  @ApiOperation({ operationId: 'getMyReceipt', summary: 'The receipt of one of my payments' })
  @ApiOkResponse({ type: ReceiptResponse })
  async receipt(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<ReceiptResponse> {
    return ReceiptResponse.from(await this.queries.receipt(actor, id));
  }

  @Get(':id/receipt.pdf')
  @ApiOperation({ operationId: 'printMyReceipt', summary: 'The receipt of one of my payments, to print' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: PDF_SCHEMA })
  async pdf(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<StreamableFile> {
    return receiptFile(await this.queries.receipt(actor, id));
  }
}
