import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, PageQuery, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IdPipe, IfMatch } from '../common/route.decorators.js';
import { CatalogService } from './catalog.service.js';
import { ChangeServiceRequest, CreateServiceRequest } from './dto/service.request.js';
import { ServiceAdminResponse } from './dto/service.response.js';
import { ServicesService } from './services.service.js';

/** What the salon sells, for those who run it. */
@ApiTags('Salon: catalog')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/services')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class ServicesAdminController {
  constructor(
    private readonly catalog: CatalogService,
    private readonly services: ServicesService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listServicesForStaff', summary: 'All services, deactivated ones too' })
  @ApiPageResponse(ServiceAdminResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: PageQuery,
  ): Promise<Page<ServiceAdminResponse>> {
    const rows = await this.catalog.listServices(actor, query, 'staff');
    return pageOf(rows, query, (row) => row.service.createdAt, ServiceAdminResponse.from);
  }

  @Post()
  @ETagged()
  @ApiOperation({ operationId: 'createService', summary: 'Offer a new service' })
  @ApiCreatedResponse({ type: ServiceAdminResponse })
  @Refuses('malformed', 'validation-failed', 'conflict')
  async create(
    @CurrentActor() actor: StaffActor,
    @Body() body: CreateServiceRequest,
  ): Promise<ServiceAdminResponse> {
    return ServiceAdminResponse.from(await this.services.create(actor, body));
  }

  @Get(':id')
  @ETagged()
  @ApiOperation({ operationId: 'getServiceForStaff', summary: 'One service, with the ETag a change needs' })
  @ApiOkResponse({ type: ServiceAdminResponse })
  @Refuses('not-found')
  async get(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
  ): Promise<ServiceAdminResponse> {
    return ServiceAdminResponse.from(await this.catalog.getService(actor, id, 'staff'));
  }

  @Patch(':id')
  @ETagged()
  @ApiOperation({
    operationId: 'changeService',
    summary: 'Change or deactivate a service; If-Match is required',
  })
  @ApiOkResponse({ type: ServiceAdminResponse })
  @Refuses(
    'malformed',
    'validation-failed',
    'not-found',
    'conflict',
    'version-mismatch',
    'precondition-required',
  )
  async change(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeServiceRequest,
    @IfMatch('required') version: number | null,
  ): Promise<ServiceAdminResponse> {
    return ServiceAdminResponse.from(await this.services.change(actor, id, body, version));
  }
}
