import { Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { StripeWebhooks } from './stripe-webhooks.service.js';

interface Delivered {
  readonly rawBody?: Buffer;
}

/** What Stripe calls; only requests with its signature are read. */
@ApiTags('Webhooks')
@Access('webhook')
@Controller('webhooks/stripe')
@Refuses('event-unverified', 'payload-too-large', 'malformed', 'unavailable')
export class StripeWebhooksController {
  constructor(private readonly webhooks: StripeWebhooks) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({ operationId: 'takeStripeEvent', summary: 'Stripe tells that something moved' })
  @ApiHeader({ name: 'Stripe-Signature', required: true, schema: { type: 'string', example: 't=1,v1=ab' } })
  @ApiBody({ schema: { type: 'object', example: { id: 'evt_1', object: 'event' } } })
  @ApiNoContentResponse()
  async take(
    @Req() request: Delivered,
    @Headers('stripe-signature') signature: string | undefined,
  ): Promise<void> {
    await this.webhooks.take(request.rawBody ?? Buffer.alloc(0), signature ?? '');
  }
}
