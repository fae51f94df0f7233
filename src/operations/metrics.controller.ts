import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Access } from '../common/access.js';
import { NotFound, Unauthenticated } from '../common/domain-error.js';
import { isSameSecret } from '../common/same-secret.js';
import { Refuses } from '../common/problem.response.js';
import { Config } from '../config/config.js';
import { Measurements } from './measurements.service.js';

/** For a collector that proves itself with a token of its own; people sign in and look at the services' status instead. */
@ApiTags('Operations')
@ApiBearerAuth()
@Access('collector')
@Controller('metrics')
@Refuses('unauthenticated', 'not-found')
export class MetricsController {
  constructor(
    private readonly config: Config,
    private readonly measurements: Measurements,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Measurements for Prometheus; with METRICS_TOKEN set its bearer alone may read them',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async metrics(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    this.prove(authorization);
    void reply.header('content-type', this.measurements.contentType);
    return this.measurements.text();
  }

  private prove(authorization: string | undefined): void {
    const { metricsToken, production } = this.config;
    if (metricsToken === null && production) throw new NotFound();
    if (metricsToken !== null && !isSameSecret(authorization ?? '', `Bearer ${metricsToken}`))
      throw new Unauthenticated();
  }
}
