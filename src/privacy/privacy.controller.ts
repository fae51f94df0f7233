import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { CustomerActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { ErasureResponse, EXPORT_SCHEMA, exportDocument } from './dto/privacy.response.js';
import { Erasures } from './erasures.service.js';
import { Exports } from './exports.service.js';

@ApiTags('Customer portal')
@ApiBearerAuth()
@Access('customer')
@Controller('api/customer-portal/:id')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'rate-limited', 'unavailable')
export class PrivacyController {
  constructor(
    private readonly exports: Exports,
    private readonly erasures: Erasures,
  ) {}

  @Post('export')
  @HttpCode(200)
  @ApiOperation({ operationId: 'exportMyData', summary: 'Everything that is held about me, as data' })
  @ApiOkResponse({ schema: EXPORT_SCHEMA })
  @Refuses('step-up-required')
  async export(@CurrentActor() actor: CustomerActor, @Param('id', IdPipe) id: string) {
    return exportDocument(await this.exports.ofSelf(actor, id));
  }

  @Post('erasure')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'askForErasure',
    summary: 'Be forgotten in 72 hours; until then it can be withdrawn',
  })
  @ApiAcceptedResponse({ type: ErasureResponse })
  @Refuses('step-up-required', 'erasure-blocked', 'conflict')
  async ask(@CurrentActor() actor: CustomerActor, @Param('id', IdPipe) id: string): Promise<ErasureResponse> {
    return ErasureResponse.from(await this.erasures.ask(actor, id));
  }

  @Get('erasure')
  @ApiOperation({ operationId: 'getMyErasure', summary: 'How my last wish to be forgotten stands' })
  @ApiOkResponse({ type: ErasureResponse })
  async get(@CurrentActor() actor: CustomerActor, @Param('id', IdPipe) id: string): Promise<ErasureResponse> {
    return ErasureResponse.from(await this.erasures.get(actor, id));
  }

  @Delete('erasure')
  @HttpCode(204)
  @ApiOperation({ operationId: 'withdrawErasure', summary: 'Stay after all' })
  @ApiNoContentResponse()
  async withdraw(@CurrentActor() actor: CustomerActor, @Param('id', IdPipe) id: string): Promise<void> {
    await this.erasures.withdraw(actor, id);
  }
}
