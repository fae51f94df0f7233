import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { Idempotent, IdPipe } from '../common/route.decorators.js';
import { MessagesQuery, SendMessageRequest } from './dto/message.request.js';
import { MessageHistoryResponse, MessageResponse } from './dto/message.response.js';
import { MessageQueries } from './message-queries.service.js';
import { MessagesService } from './messages.service.js';

const KEYED = ['idempotency-key-reused', 'idempotency-in-progress'] as const;

/** The log of everything sent and received, and the staff's own words. */
@ApiTags('Salon: messages')
@ApiBearerAuth()
@Access('reception')
@Controller('admin/messages')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class MessagesAdminController {
  constructor(
    private readonly messages: MessagesService,
    private readonly queries: MessageQueries,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listMessages', summary: 'Messages, newest first' })
  @ApiPageResponse(MessageResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: MessagesQuery,
  ): Promise<Page<MessageResponse>> {
    return pageOf(await this.queries.list(actor, query), query, (row) => row.createdAt, MessageResponse.from);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getMessage', summary: 'One message with every attempt to send it' })
  @ApiOkResponse({ type: MessageHistoryResponse })
  @Refuses('not-found')
  async get(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<MessageHistoryResponse> {
    const { message, attempts } = await this.queries.get(actor, id);
    return MessageHistoryResponse.of(message, attempts);
  }

  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ operationId: 'sendMessage', summary: 'Write to one customer in your own words' })
  @ApiAcceptedResponse({ type: MessageResponse })
  @Refuses(
    'malformed',
    'validation-failed',
    'not-found',
    'conflict',
    'recipient-opted-out',
    'consent-missing',
    ...KEYED,
  )
  async send(@CurrentActor() actor: StaffActor, @Body() body: SendMessageRequest): Promise<MessageResponse> {
    return MessageResponse.from(await this.messages.sendText(actor, body));
  }

  @Post(':id/resend')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ operationId: 'resendMessage', summary: 'Send a message once more' })
  @ApiAcceptedResponse({ type: MessageResponse })
  @Refuses('not-found', 'conflict', 'duplicate-message', 'recipient-opted-out', 'consent-missing', ...KEYED)
  async resend(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<MessageResponse> {
    return MessageResponse.from(await this.messages.resend(actor, id));
  }
}
