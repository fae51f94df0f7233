import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
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
import { Idempotent, IdPipe } from '../common/route.decorators.js';
import { RefundRequest, ResolveMismatchRequest } from './dto/refund.request.js';
import { RefundQuoteResponse, StaffRefundResponse } from './dto/refund.response.js';
import { StaffRefunds } from './staff-refunds.service.js';

@ApiTags('Admin: payments')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/payments')
@Refuses(
  'unauthenticated',
  'forbidden',
  'rate-limited',
  'validation-failed',
  'malformed',
  'unavailable',
  'not-found',
)
export class RefundsAdminController {
  constructor(private readonly refunds: StaffRefunds) {}

  @Get(':id/refund-quote')
  @ApiOperation({
    operationId: 'quoteRefund',
    summary: 'What could go back of a payment, and what the policy says',
  })
  @ApiOkResponse({ type: RefundQuoteResponse })
  async quote(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<RefundQuoteResponse> {
    return RefundQuoteResponse.from(await this.refunds.quote(actor, id));
  }

  @Post(':id/refund')
  @Idempotent()
  @ApiOperation({
    operationId: 'refundPayment',
    summary: 'Give money back, all of it or a part',
    description: 'What was paid at the salon is given back there: a task says so.',
  })
  @ApiCreatedResponse({ type: StaffRefundResponse })
  @Refuses('invalid-transition', 'idempotency-in-progress', 'idempotency-key-reused')
  async refund(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { amount, reason }: RefundRequest,
  ): Promise<StaffRefundResponse> {
    return StaffRefundResponse.from(await this.refunds.refund(actor, id, { amount: amount ?? null, reason }));
  }

  @Post('tasks/:id/resolve')
  @HttpCode(204)
  @Idempotent()
  @ApiOperation({
    operationId: 'resolveMismatch',
    summary: 'Decide about money that is not as it was asked for',
    description: 'Undecided it goes back after 24 hours. Money in another currency can only go back.',
  })
  @ApiNoContentResponse()
  @Refuses('invalid-transition', 'idempotency-in-progress', 'idempotency-key-reused')
  async resolve(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { action }: ResolveMismatchRequest,
  ): Promise<void> {
    await this.refunds.resolve(actor, id, action);
  }
}
