import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, PageQuery, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { IdPipe } from '../common/route.decorators.js';
import { HoldRequest } from './dto/privacy.request.js';
import { ErasureRequestResponse, EXPORT_SCHEMA, exportDocument } from './dto/privacy.response.js';
import { Erasures } from './erasures.service.js';
import { Exports } from './exports.service.js';

@ApiTags('Privacy')
@ApiBearerAuth()
@Access('owner')
@Controller('admin/privacy')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class PrivacyAdminController {
  constructor(
    private readonly exports: Exports,
    private readonly erasures: Erasures,
  ) {}

  @Get('requests')
  @ApiOperation({
    operationId: 'listErasures',
    summary: 'Who asked to be forgotten, newest first, with certificates',
  })
  @ApiPageResponse(ErasureRequestResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: PageQuery,
  ): Promise<Page<ErasureRequestResponse>> {
    const rows = await this.erasures.list(actor, query);
    return pageOf(rows, query, ({ askedAt }) => askedAt, ErasureRequestResponse.of);
  }

  @Post('export/:customerId')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'exportCustomerData',
    summary: 'Everything that is held about a customer, on their behalf',
  })
  @ApiOkResponse({ schema: EXPORT_SCHEMA })
  @Refuses('not-found')
  async export(@CurrentActor() actor: StaffActor, @Param('customerId', IdPipe) customerId: string) {
    return exportDocument(await this.exports.onBehalf(actor, customerId));
  }

  @Post('erasure/:customerId')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'askForErasureOnBehalf',
    summary: 'Forget a customer in 72 hours, on their behalf',
  })
  @ApiAcceptedResponse({ type: ErasureRequestResponse })
  @Refuses('not-found', 'erasure-blocked', 'conflict', 'erased')
  async erase(
    @CurrentActor() actor: StaffActor,
    @Param('customerId', IdPipe) customerId: string,
  ): Promise<ErasureRequestResponse> {
    return ErasureRequestResponse.of(await this.erasures.askFor(actor, customerId));
  }

  @Put('legal-hold/:customerId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'setLegalHold', summary: 'Keep a customer’s data for now, whatever is asked' })
  @ApiNoContentResponse()
  @Refuses('not-found', 'validation-failed', 'malformed')
  async hold(
    @CurrentActor() actor: StaffActor,
    @Param('customerId', IdPipe) customerId: string,
    @Body() { reason }: HoldRequest,
  ): Promise<void> {
    await this.erasures.hold(actor, customerId, reason);
  }

  @Delete('legal-hold/:customerId')
  @HttpCode(204)
  @ApiOperation({ operationId: 'liftLegalHold', summary: 'The law no longer wants it kept' })
  @ApiNoContentResponse()
  @Refuses('not-found')
  async lift(
    @CurrentActor() actor: StaffActor,
    @Param('customerId', IdPipe) customerId: string,
  ): Promise<void> {
    await this.erasures.hold(actor, customerId, null);
  }
}
