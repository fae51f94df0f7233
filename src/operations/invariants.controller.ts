import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { InvariantsResponse } from './dto/invariants.response.js';
import { Sentinel } from './sentinel.service.js';

/** What must never happen, and whether it has. */
@ApiTags('Operations')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/invariants')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class InvariantsController {
  constructor(private readonly sentinel: Sentinel) {}

  @Get()
  @ApiOperation({ operationId: 'listInvariants', summary: 'What must always hold, by its last proof' })
  @ApiOkResponse({ type: InvariantsResponse })
  async list(@CurrentActor() actor: StaffActor): Promise<InvariantsResponse> {
    return InvariantsResponse.from(await this.sentinel.list(actor));
  }
}
