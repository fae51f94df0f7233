import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import {
  DisputeRequest,
  MoveRefundRequest,
  PaymentOutcomeRequest,
  PayRequest,
} from './dto/stripe.requests.js';
import {
  DisputeOutcomeResponse,
  PaymentOutcomeResponse,
  RefundOutcomeResponse,
} from './dto/stripe.response.js';
import { Sandbox } from './sandbox.service.js';

/** Plays the customer and the bank at the emulated Stripe. Not there in production. */
@ApiTags('Sandbox')
@Access('sandbox')
@Controller('sandbox/stripe')
@Refuses('malformed', 'validation-failed', 'not-found', 'conflict', 'unavailable', 'provider-unavailable')
export class StripeSandboxController {
  constructor(private readonly sandbox: Sandbox) {}

  @Post('pay')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'payInSandbox',
    summary: 'A customer pays, or tries to; a declined card is an outcome',
  })
  @ApiOkResponse({ type: PaymentOutcomeResponse })
  async pay(@Body() body: PayRequest): Promise<PaymentOutcomeResponse> {
    return PaymentOutcomeResponse.from(await this.sandbox.pay(body.toTarget(), body.paymentMethod));
  }

  @Post('authenticate')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'authenticateInSandbox',
    summary: 'A customer does or does not prove who they are, where the bank had asked',
  })
  @ApiOkResponse({ type: PaymentOutcomeResponse })
  async authenticate(@Body() body: PaymentOutcomeRequest): Promise<PaymentOutcomeResponse> {
    return PaymentOutcomeResponse.from(await this.sandbox.authenticate(body.toTarget(), body.outcome));
  }

  @Post('settle')
  @HttpCode(200)
  @ApiOperation({ operationId: 'settleInSandbox', summary: 'Money under way arrives, or does not' })
  @ApiOkResponse({ type: PaymentOutcomeResponse })
  async settle(@Body() body: PaymentOutcomeRequest): Promise<PaymentOutcomeResponse> {
    return PaymentOutcomeResponse.from(await this.sandbox.settle(body.toTarget(), body.outcome));
  }

  @Post('refund')
  @HttpCode(200)
  @ApiOperation({ operationId: 'moveSandboxRefund', summary: 'The bank decides about a refund' })
  @ApiOkResponse({ type: RefundOutcomeResponse })
  async refund(@Body() body: MoveRefundRequest): Promise<RefundOutcomeResponse> {
    return RefundOutcomeResponse.from(await this.sandbox.moveRefund(body.refund, body.status));
  }

  @Post('dispute')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'disputeInSandbox',
    summary: 'A customer disputes a payment at their bank, or the bank decides',
  })
  @ApiOkResponse({ type: DisputeOutcomeResponse })
  async dispute(@Body() body: DisputeRequest): Promise<DisputeOutcomeResponse> {
    return DisputeOutcomeResponse.from(await this.sandbox.dispute(body.toTarget(), body.verdict));
  }
}
