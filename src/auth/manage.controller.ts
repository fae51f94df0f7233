import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import { AnyQuery, Limited } from '../common/route.decorators.js';
import { ManageSessionResponse } from './dto/grants.response.js';
import { ManageSessionRequest } from './dto/token.request.js';
import { ManageLinks } from './manage-links.service.js';
import { MANAGE_PAGE, MANAGE_PAGE_POLICY } from './manage-page.js';

@ApiTags('Identity')
@Access('public')
@Controller()
@Refuses('unauthenticated', 'rate-limited')
export class ManageController {
  constructor(private readonly links: ManageLinks) {}

  @Post('api/manage/session')
  @HttpCode(200)
  @Limited({ name: 'manage-session', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'openManageLink',
    summary: 'Trade the token of a manage link for access to its one booking',
  })
  @ApiOkResponse({ type: ManageSessionResponse })
  @Refuses('not-found', 'validation-failed')
  async open(@Body() { token }: ManageSessionRequest): Promise<ManageSessionResponse> {
    return ManageSessionResponse.from(await this.links.exchange(token));
  }

  @Get('manage')
  @AnyQuery()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', MANAGE_PAGE_POLICY)
  @Header('x-robots-tag', 'noindex, nofollow')
  @ApiOperation({
    operationId: 'showManagePage',
    summary: 'The page a manage link leads to; the token stays in the fragment',
  })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  page(): string {
    return MANAGE_PAGE;
  }
}
