import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { Idempotent, IdPipe } from '../common/route.decorators.js';
import { FinishTaskRequest, PaymentTasksQuery } from './dto/payment-desk.request.js';
import { PaymentTaskResponse } from './dto/payment-task.response.js';
import { PaymentTasks } from './payment-tasks.service.js';

/** What about money waits for a person. */
@ApiTags('Salon: payments')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/payments/tasks')
@Refuses('unauthenticated', 'forbidden', 'validation-failed', 'rate-limited', 'unavailable')
export class PaymentTasksController {
  constructor(private readonly tasks: PaymentTasks) {}

  @Get()
  @ApiOperation({
    operationId: 'listPaymentTasks',
    summary: 'What about money waits for a person, newest first',
  })
  @ApiPageResponse(PaymentTaskResponse)
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: PaymentTasksQuery,
  ): Promise<Page<PaymentTaskResponse>> {
    const tasks = await this.tasks.list(actor, query, query.state ?? null);
    return pageOf(tasks, query, (task) => task.openedAt, PaymentTaskResponse.from);
  }

  @Post(':id/done')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    operationId: 'finishPaymentTask',
    summary: 'Tick off a task that somebody has seen to',
    description: 'Money that does not fit (`mismatch`) needs a decision instead.',
  })
  @ApiOkResponse({ type: PaymentTaskResponse })
  @Refuses('malformed', 'not-found', 'invalid-transition')
  @Refuses('idempotency-in-progress', 'idempotency-key-reused')
  async done(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() { outcome }: FinishTaskRequest,
  ): Promise<PaymentTaskResponse> {
    return PaymentTaskResponse.from(await this.tasks.tick(actor, id, outcome ?? 'done'));
  }
}
