import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { RetentionRequest } from './dto/retention.request.js';
import { DryRunResponse, RetentionResponse } from './dto/retention.response.js';
import { RetentionRules } from './retention-rules.service.js';
import { Retention } from './retention.service.js';

/** For how long data is kept, for the owner. */
@ApiTags('Privacy')
@ApiBearerAuth()
@Access('owner')
@Controller('admin/privacy/retention')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class RetentionController {
  constructor(
    private readonly rules: RetentionRules,
    private readonly retention: Retention,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getRetention',
    summary: 'For how many months data is kept, and the last night that saw to it',
  })
  @ApiOkResponse({ type: RetentionResponse })
  async get(@CurrentActor() actor: StaffActor): Promise<RetentionResponse> {
    return RetentionResponse.from(await this.rules.get(actor));
  }

  @Put()
  @ApiOperation({
    operationId: 'setRetention',
    summary: 'Keep data longer or shorter; what is then too old goes the next night',
  })
  @ApiOkResponse({ type: RetentionResponse })
  @Refuses('malformed', 'validation-failed')
  async set(@CurrentActor() actor: StaffActor, @Body() body: RetentionRequest): Promise<RetentionResponse> {
    return RetentionResponse.from(await this.rules.set(actor, body));
  }

  @Post('dry-run')
  @HttpCode(200)
  @ApiOperation({ operationId: 'tryRetention', summary: 'What the next night would end; nothing is changed' })
  @ApiOkResponse({ type: DryRunResponse })
  async tryOut(@CurrentActor() actor: StaffActor): Promise<DryRunResponse> {
    return DryRunResponse.from(await this.retention.dryRun(actor));
  }
}
