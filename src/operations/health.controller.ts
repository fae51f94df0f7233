import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { LiveResponse, ReadyResponse } from './dto/health.response.js';
import { Readiness } from './readiness.service.js';

/** What a supervisor and a load balancer ask. */
@ApiTags('Operations')
@Access('public')
@Controller('health')
@Refuses('unavailable')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @ApiOperation({
    operationId: 'checkLiveness',
    summary: 'Whether the process lives; a failure means: restart it',
  })
  @ApiOkResponse({ type: LiveResponse })
  live(): LiveResponse {
    return new LiveResponse();
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'checkReadiness',
    summary: 'Whether to send requests here; a failure means: wait',
  })
  @ApiOkResponse({ type: ReadyResponse })
  async ready(): Promise<ReadyResponse> {
    return ReadyResponse.of(await this.readiness.prove());
  }
}
