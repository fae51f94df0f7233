import { Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { GooglePushes } from './google-push.service.js';

const header = (name: string, example: string) => ({
  name: `X-Goog-${name}`,
  required: true,
  schema: { type: 'string' as const, example },
});

/** What Google calls when something changed in a calendar. It never says what. */
@ApiTags('Webhooks')
@Access('webhook')
@Controller('webhooks/google/calendar')
@Refuses('signature-invalid', 'payload-too-large', 'malformed', 'unavailable')
export class GoogleWebhookController {
  constructor(private readonly pushes: GooglePushes) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({ operationId: 'takeCalendarPush', summary: 'Google tells that a calendar changed' })
  @ApiHeader(header('Channel-ID', '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55'))
  @ApiHeader(header('Channel-Token', 'q83vEjRWeJA'))
  @ApiHeader(header('Resource-ID', 'o3hgv1538sdjfh'))
  @ApiHeader(header('Resource-State', 'exists'))
  @ApiNoContentResponse()
  async take(
    @Headers('x-goog-channel-id') channelId = '',
    @Headers('x-goog-channel-token') token = '',
    @Headers('x-goog-resource-id') resourceId = '',
    @Headers('x-goog-resource-state') state = '',
  ): Promise<void> {
    await this.pushes.take({ channelId, token, resourceId, state });
  }
}
