import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiNoContentResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { EmailBounces } from './email-bounces.service.js';

/** What the salon's mail server calls; only requests with its token are read. */
@ApiTags('Webhooks')
@Access('webhook')
@Controller('webhooks/email')
@Refuses('signature-invalid', 'payload-too-large', 'malformed', 'unavailable')
export class EmailWebhooksController {
  constructor(private readonly bounces: EmailBounces) {}

  @Post('bounces')
  @HttpCode(204)
  @ApiConsumes('message/rfc822')
  @ApiOperation({
    operationId: 'takeEmailBounce',
    summary: 'The mail server brings a mail that came back; what is no report of a failure is ignored',
  })
  @ApiHeader({
    name: 'Authorization',
    required: true,
    schema: { type: 'string', example: 'Bearer the-token-of-EMAIL_BOUNCE_TOKEN' },
  })
  @ApiBody({
    schema: { type: 'string', example: 'Content-Type: multipart/report; report-type=delivery-status' },
  })
  @ApiNoContentResponse()
  async take(
    @Headers('authorization') authorization = '',
    @Body() mail: { raw?: Buffer } | undefined,
  ): Promise<void> {
    await this.bounces.take(authorization, mail?.raw ?? Buffer.alloc(0));
  }
}
