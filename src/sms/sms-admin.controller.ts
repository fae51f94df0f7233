import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { Idempotent, IdPipe, Limited } from '../common/route.decorators.js';
import { MessageResponse } from '../messaging/dto/message.response.js';
import { MessagesService } from '../messaging/messages.service.js';
import { TestMessages } from '../messaging/test-messages.service.js';
import { SendByHandRequest, TestSmsRequest } from './dto/sms.request.js';
import { TestSmsResponse } from './dto/test-sms.response.js';

const BY_HAND = [
  'malformed',
  'validation-failed',
  'not-found',
  'conflict',
  'invalid-transition',
  'duplicate-message',
] as const;
const RECIPIENT = [
  'recipient-opted-out',
  'consent-missing',
  'idempotency-key-reused',
  'idempotency-in-progress',
] as const;

/** Texts by hand: to try the connection, or to send one customer what they missed. */
@ApiTags('Salon: SMS')
@ApiBearerAuth()
@Access('reception')
@Controller('admin/sms')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class SmsAdminController {
  constructor(
    private readonly messages: MessagesService,
    private readonly tests: TestMessages,
  ) {}

  @Post('test')
  @HttpCode(200)
  @Access('manager')
  @Limited({ name: 'sms-test', max: 5, seconds: 60 })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    schema: { type: 'string', example: 'try-7f3a91c2' },
  })
  @ApiOperation({
    operationId: 'sendTestSms',
    summary: 'Send a marked test text and see at once what the provider says',
  })
  @ApiOkResponse({ type: TestSmsResponse })
  @Refuses(
    'malformed',
    'validation-failed',
    'recipient-opted-out',
    'idempotency-key-reused',
    'provider-unavailable',
    'unavailable',
  )
  async test(
    @CurrentActor() actor: StaffActor,
    @Body() body: TestSmsRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<TestSmsResponse> {
    return TestSmsResponse.from(await this.tests.send(actor, { ...body, key: key ?? null }));
  }

  @Post('appointment-confirmation/:id')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    operationId: 'sendAppointmentConfirmation',
    summary: 'Send the confirmation of a booking by hand',
  })
  @ApiAcceptedResponse({ type: MessageResponse })
  @Refuses(...BY_HAND, ...RECIPIENT)
  async confirmation(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { force }: SendByHandRequest,
  ): Promise<MessageResponse> {
    return MessageResponse.from(
      await this.messages.sendAboutBooking(actor, id, 'booking_confirmed', force ?? false),
    );
  }

  @Post('appointment-reminder/:id')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ operationId: 'sendAppointmentReminder', summary: 'Send the reminder of a booking by hand' })
  @ApiAcceptedResponse({ type: MessageResponse })
  @Refuses(...BY_HAND, ...RECIPIENT)
  async reminder(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { force }: SendByHandRequest,
  ): Promise<MessageResponse> {
    return MessageResponse.from(
      await this.messages.sendAboutBooking(actor, id, 'booking_reminder', force ?? false),
    );
  }
}
