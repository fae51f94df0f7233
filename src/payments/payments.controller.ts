import { Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { CustomerActor, GuestActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe, Limited } from '../common/route.decorators.js';
import { StartedCheckoutResponse, StartedPaymentResponse } from './dto/started-payment.response.js';
import { Payments } from './payments.service.js';

/** Each start is a call to the provider. */
const STARTS = { name: 'payment', max: 10, seconds: 60 };

@ApiTags('Payments')
@ApiBearerAuth()
@Access('customer', 'guest')
@Controller('api/bookings')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'validation-failed', 'malformed', 'unavailable')
@Refuses('not-found', 'hold-expired', 'invalid-transition', 'nothing-to-pay', 'payment-processing')
export class PaymentsController {
  constructor(private readonly payments: Payments) {}

  @Post(':id/payment')
  @Limited(STARTS)
  @ApiOperation({
    operationId: 'startPayment',
    summary: 'Pay in the client’s own form',
    description:
      'What is due and how much is the server’s to say. Asked again it answers with the same payment as long as that is open.',
  })
  @ApiCreatedResponse({ type: StartedPaymentResponse })
  @Refuses('provider-unavailable', 'payment-refused')
  async start(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<StartedPaymentResponse> {
    return StartedPaymentResponse.from(await this.payments.start(actor, id, 'intent'));
  }

  @Post(':id/checkout')
  @Limited(STARTS)
  @ApiOperation({
    operationId: 'startCheckout',
    summary: 'Pay on the provider’s page',
    description: 'An unpaid hold is kept for 32 minutes from the first time on, since the page lives for 31.',
  })
  @ApiCreatedResponse({ type: StartedCheckoutResponse })
  @Refuses('provider-unavailable', 'payment-refused')
  async checkout(
    @CurrentActor() actor: CustomerActor | GuestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<StartedCheckoutResponse> {
    return StartedCheckoutResponse.from(await this.payments.start(actor, id, 'checkout'));
  }
}
