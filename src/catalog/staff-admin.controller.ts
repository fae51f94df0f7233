import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, PageQuery, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IdPipe, IfMatch } from '../common/route.decorators.js';
import { CatalogService } from './catalog.service.js';
import { ChangeStaffRequest, CreateStaffRequest, SetOffersRequest } from './dto/staff.request.js';
import { StaffAdminResponse } from './dto/staff.response.js';
import { StaffService } from './staff.service.js';

/** Who works in the salon, for those who run it. */
@ApiTags('Salon: catalog')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/staff')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class StaffAdminController {
  constructor(
    private readonly catalog: CatalogService,
    private readonly staff: StaffService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listStaffForStaff', summary: 'Everyone who works or worked here' })
  @ApiPageResponse(StaffAdminResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: PageQuery,
  ): Promise<Page<StaffAdminResponse>> {
    const rows = await this.catalog.listStaff(actor, query, 'staff');
    return pageOf(rows, query, (row) => row.staff.createdAt, StaffAdminResponse.from);
  }

  @Post()
  @ETagged()
  @ApiOperation({ operationId: 'createStaff', summary: 'Take on somebody new' })
  @ApiCreatedResponse({ type: StaffAdminResponse })
  @Refuses('malformed', 'validation-failed')
  async create(
    @CurrentActor() actor: StaffActor,
    @Body() body: CreateStaffRequest,
  ): Promise<StaffAdminResponse> {
    return StaffAdminResponse.from(await this.staff.create(actor, body));
  }

  @Get(':id')
  @ETagged()
  @ApiOperation({ operationId: 'getStaffForStaff', summary: 'One staff member with what they offer' })
  @ApiOkResponse({ type: StaffAdminResponse })
  @Refuses('not-found')
  async get(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<StaffAdminResponse> {
    return StaffAdminResponse.from(await this.catalog.getStaff(actor, id));
  }

  @Patch(':id')
  @ETagged()
  @ApiOperation({
    operationId: 'changeStaff',
    summary: 'Change or deactivate a staff member; their bookings stand',
  })
  @ApiOkResponse({ type: StaffAdminResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'version-mismatch')
  async change(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeStaffRequest,
    @IfMatch() version: number | null,
  ): Promise<StaffAdminResponse> {
    return StaffAdminResponse.from(await this.staff.change(actor, id, body, version));
  }

  @Put(':id/services')
  @ETagged()
  @ApiOperation({ operationId: 'setServicesOfStaff', summary: 'Say everything the person offers' })
  @ApiOkResponse({ type: StaffAdminResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'version-mismatch')
  async offer(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: SetOffersRequest,
    @IfMatch() version: number | null,
  ): Promise<StaffAdminResponse> {
    return StaffAdminResponse.from(await this.staff.offer(actor, id, body.services, version));
  }
}
