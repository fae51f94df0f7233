import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { ServicesStatusResponse } from './dto/services-status.response.js';
import { ServicesStatus } from './services-status.service.js';

/** The manager's view of what the salon depends on. */
@ApiTags('Operations')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/services')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class ServicesStatusController {
  constructor(private readonly services: ServicesStatus) {}

  @Get('status')
  @ApiOperation({ operationId: 'getServicesStatus', summary: 'How texts, e-mail, database and workers are' })
  @ApiOkResponse({ type: ServicesStatusResponse })
  async status(@CurrentActor() actor: StaffActor): Promise<ServicesStatusResponse> {
    return ServicesStatusResponse.from(await this.services.report(actor));
  }
}
