import { Body, Controller, Header, Headers, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiConsumes, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { TwilioWebhooks, type Form } from './webhooks.service.js';

interface Asked {
  readonly originalUrl: string;
}

const NO_REPLY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** What Twilio calls; only requests with its signature are read. */
@ApiTags('Webhooks')
@Access('webhook')
@Controller('webhooks/twilio')
@Refuses('signature-invalid', 'payload-too-large', 'unavailable')
export class TwilioWebhooksController {
  constructor(private readonly webhooks: TwilioWebhooks) {}

  @Post('status')
  @HttpCode(204)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ operationId: 'takeTwilioStatus', summary: 'Twilio reports how far a message is' })
  @ApiNoContentResponse()
  async status(
    @Req() request: Asked,
    @Headers('x-twilio-signature') signature: string | undefined,
    @Query('message') message: string | undefined,
    @Body() form: Form | undefined,
  ): Promise<void> {
    const { originalUrl } = request;
    await this.webhooks.takeStatus({ signature: signature ?? '', originalUrl, form: form ?? {} }, message);
  }

  @Post('inbound')
  @HttpCode(200)
  @Header('content-type', 'text/xml')
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiOperation({ operationId: 'takeTwilioInbound', summary: 'Twilio brings a customer’s text' })
  @ApiOkResponse({ description: 'Empty TwiML: no reply by this way' })
  async inbound(
    @Req() request: Asked,
    @Headers('x-twilio-signature') signature: string | undefined,
    @Body() form: Form | undefined,
  ): Promise<string> {
    const { originalUrl } = request;
    await this.webhooks.takeInbound({ signature: signature ?? '', originalUrl, form: form ?? {} });
    return NO_REPLY;
  }
}
