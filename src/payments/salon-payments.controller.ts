import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { Idempotent, IdPipe, IfMatch } from '../common/route.decorators.js';
import { RecordPaymentRequest } from './dto/payment-desk.request.js';
import { PaymentResponse } from './dto/payment.response.js';
import { SalonPayments } from './salon-payments.service.js';

@ApiTags('Salon: payments')
@ApiBearerAuth()
@Access('reception')
@Controller('admin/bookings')
@Refuses('unauthenticated', 'forbidden', 'validation-failed', 'malformed', 'rate-limited', 'unavailable')
export class SalonPaymentsController {
  constructor(private readonly payments: SalonPayments) {}

  @Post(':id/record-payment')
  @Idempotent()
  @ApiOperation({
    operationId: 'recordPayment',
    summary: 'Write down what was paid at the salon, in cash or at its card terminal',
    description:
      'Confirms a held booking whose due it pays, and issues a receipt. The amount is either what is due to confirm it or all that is open.',
  })
  @ApiCreatedResponse({ type: PaymentResponse })
  @Refuses('not-found', 'nothing-to-pay', 'invalid-transition', 'hold-expired', 'version-mismatch')
  @Refuses('idempotency-in-progress', 'idempotency-key-reused')
  async record(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { method, amount }: RecordPaymentRequest,
    @IfMatch() version: number | null,
  ): Promise<PaymentResponse> {
    const paid = { method, amount: amount ?? null };
    return PaymentResponse.from(await this.payments.record(actor, id, paid, version));
  }
}
