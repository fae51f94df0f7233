import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { CacheFor, ETagged } from '../common/route.decorators.js';
import { SupportResponse } from './dto/support.response.js';
import { SupportService } from './support.service.js';

/** Where a customer turns who cannot go on alone. */
@ApiTags('Booking')
@Access('public')
@Controller('api/support')
@Refuses('rate-limited', 'unavailable')
export class SupportController {
  constructor(private readonly support: SupportService) {}

  @Get()
  @ETagged('hash')
  @CacheFor({ seconds: 60, staleSeconds: 300, surrogateKey: 'salon' })
  @ApiOperation({ operationId: 'getSupport', summary: 'Contact, opening hours and help' })
  @ApiOkResponse({ type: SupportResponse })
  async get(@CurrentActor() actor: Actor): Promise<SupportResponse> {
    return SupportResponse.from(await this.support.get(actor));
  }
}
