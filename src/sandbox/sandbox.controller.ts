import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { FaultsRequest } from './dto/faults.request.js';
import { FaultsResponse } from './dto/faults.response.js';
import { MoveClockRequest } from './dto/move-clock.request.js';
import { InboundSmsRequest, SandboxQuery } from './dto/sandbox.requests.js';
import { ClockResponse, InboundSmsResponse, SandboxResponse } from './dto/sandbox.response.js';
import { SandboxClock } from './sandbox-clock.service.js';
import { Sandbox } from './sandbox.service.js';

/** Shows what was sent, and plays the world around the salon. Not there in production. */
@ApiTags('Sandbox')
@Access('sandbox')
@Controller('sandbox')
@Refuses('validation-failed', 'unavailable', 'provider-unavailable')
export class SandboxController {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly clock: SandboxClock,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'showSandbox', summary: 'What was sent to whom, and app time' })
  @ApiOkResponse({ type: SandboxResponse })
  async show(@CurrentActor() actor: Actor, @Query() query: SandboxQuery): Promise<SandboxResponse> {
    return SandboxResponse.from(await this.sandbox.state(query), await this.clock.now(actor));
  }

  @Post('clock')
  @HttpCode(200)
  @ApiOperation({ operationId: 'moveClock', summary: 'Move app time; what becomes due happens' })
  @ApiOkResponse({ type: ClockResponse })
  @Refuses('malformed', 'sandbox-only')
  async moveClock(@CurrentActor() actor: Actor, @Body() body: MoveClockRequest): Promise<ClockResponse> {
    return ClockResponse.of(await this.clock.move(actor, body.toMove()));
  }

  @Get('faults')
  @ApiOperation({ operationId: 'listFaults', summary: 'What goes wrong at the providers just now' })
  @ApiOkResponse({ type: FaultsResponse })
  async faults(): Promise<FaultsResponse> {
    return FaultsResponse.from(await this.sandbox.faults());
  }

  @Post('faults')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'setFaults',
    summary: 'Say what shall go wrong at the providers; replaces all rules',
  })
  @ApiOkResponse({ type: FaultsResponse })
  @Refuses('malformed')
  async setFaults(@Body() body: FaultsRequest): Promise<FaultsResponse> {
    return FaultsResponse.from(await this.sandbox.setFaults(body.rules));
  }

  @Delete('faults')
  @HttpCode(204)
  @ApiOperation({ operationId: 'clearFaults', summary: 'Everything works again' })
  @ApiNoContentResponse()
  async clearFaults(): Promise<void> {
    await this.sandbox.clearFaults();
  }

  @Post('sms/inbound')
  @HttpCode(200)
  @ApiOperation({ operationId: 'receiveSandboxSms', summary: 'A customer texts the salon' })
  @ApiOkResponse({ type: InboundSmsResponse })
  @Refuses('malformed')
  async receive(@Body() body: InboundSmsRequest): Promise<InboundSmsResponse> {
    return InboundSmsResponse.from(await this.sandbox.receive(body));
  }
}
