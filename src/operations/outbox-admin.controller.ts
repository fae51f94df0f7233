import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { OutboxMessageResponse, OutboxQuery } from './dto/outbox-message.response.js';
import { OutboxAdmin } from './outbox-admin.service.js';

@ApiTags('Operations')
@ApiBearerAuth()
@Access('owner')
@Controller('admin/outbox')
@Refuses('unauthenticated', 'forbidden', 'rate-limited')
export class OutboxAdminController {
  constructor(private readonly outbox: OutboxAdmin) {}

  @Get()
  @ApiOperation({ operationId: 'listEffects', summary: 'Effects that leave the process, newest first' })
  @ApiPageResponse(OutboxMessageResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: OutboxQuery,
  ): Promise<Page<OutboxMessageResponse>> {
    const rows = await this.outbox.list(actor, query, query.state);
    return pageOf(rows, query, (row) => row.createdAt, OutboxMessageResponse.from);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @ApiOperation({ operationId: 'retryEffect', summary: 'Give a dead effect another set of attempts' })
  @ApiOkResponse({ type: OutboxMessageResponse })
  @Refuses('not-found')
  async retry(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<OutboxMessageResponse> {
    return OutboxMessageResponse.from(await this.outbox.retry(actor, id));
  }
}
