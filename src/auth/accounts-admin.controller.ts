import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, PageQuery, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IdPipe, IfMatch } from '../common/route.decorators.js';
import { AccountChanges } from './account-changes.service.js';
import { Accounts } from './accounts.service.js';
import { ChangeAccountRequest, CreateAccountRequest } from './dto/account.request.js';
import { AccountResponse } from './dto/account.response.js';

/** Who may sign in to run the salon, and as what. */
@ApiTags('Salon: accounts')
@ApiBearerAuth()
@Access('owner')
@Controller('admin/accounts')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class AccountsAdminController {
  constructor(
    private readonly accounts: Accounts,
    private readonly changes: AccountChanges,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listAccounts', summary: 'Everyone who signs in or ever did' })
  @ApiPageResponse(AccountResponse)
  @Refuses('validation-failed')
  async list(@CurrentActor() actor: StaffActor, @Query() query: PageQuery): Promise<Page<AccountResponse>> {
    const rows = await this.accounts.list(actor, query);
    return pageOf(rows, query, (account) => account.createdAt, AccountResponse.from);
  }

  @Post()
  @ETagged()
  @ApiOperation({ operationId: 'createAccount', summary: 'Let somebody sign in' })
  @ApiCreatedResponse({ type: AccountResponse })
  @Refuses('malformed', 'validation-failed', 'conflict')
  async create(
    @CurrentActor() actor: StaffActor,
    @Body() body: CreateAccountRequest,
  ): Promise<AccountResponse> {
    return AccountResponse.from(await this.accounts.create(actor, body));
  }

  @Get(':id')
  @ETagged()
  @ApiOperation({ operationId: 'getAccount', summary: 'One account' })
  @ApiOkResponse({ type: AccountResponse })
  @Refuses('not-found')
  async get(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<AccountResponse> {
    return AccountResponse.from(await this.accounts.get(actor, id));
  }

  @Patch(':id')
  @ETagged()
  @ApiOperation({
    operationId: 'changeAccount',
    summary: 'Change an account, its role or password, or disable it; acts from their next request on',
  })
  @ApiOkResponse({ type: AccountResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'conflict', 'version-mismatch')
  async change(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeAccountRequest,
    @IfMatch() version: number | null,
  ): Promise<AccountResponse> {
    return AccountResponse.from(await this.changes.change(actor, id, body, version));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteAccount',
    summary: 'Disable an account for good; its row and its e-mail address stay for the history',
  })
  @ApiNoContentResponse()
  @Refuses('not-found', 'conflict', 'version-mismatch')
  async close(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @IfMatch() version: number | null,
  ): Promise<void> {
    await this.changes.close(actor, id, version);
  }
}
