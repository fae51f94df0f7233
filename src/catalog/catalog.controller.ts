import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { Actor } from '../common/actor.js';
import { ApiPageResponse, PageQuery, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { CacheFor, ETagged, IdPipe } from '../common/route.decorators.js';
import { CatalogService } from './catalog.service.js';
import { ServiceResponse } from './dto/service.response.js';
import { StaffResponse } from './dto/staff.response.js';

/** What can be booked and with whom: the same for everybody, so a CDN may keep it. */
@ApiTags('Booking')
@Access('public')
@Controller('api')
@Refuses('rate-limited', 'unavailable')
export class CatalogController {
  constructor(private readonly catalog: CatalogService) {}

  @Get('services')
  @ETagged('hash')
  @CacheFor({ seconds: 60, staleSeconds: 300, surrogateKey: 'catalogue' })
  @ApiOperation({ operationId: 'listServices', summary: 'What can be booked' })
  @ApiPageResponse(ServiceResponse)
  @Refuses('validation-failed')
  async services(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<ServiceResponse>> {
    const rows = await this.catalog.listServices(actor, query, 'public');
    return pageOf(rows, query, (row) => row.service.createdAt, ServiceResponse.from);
  }

  @Get('services/:id')
  @ETagged('hash')
  @CacheFor({ seconds: 60, staleSeconds: 300, surrogateKey: 'catalogue' })
  @ApiOperation({ operationId: 'getService', summary: 'One service that can be booked' })
  @ApiOkResponse({ type: ServiceResponse })
  @Refuses('not-found')
  async service(@CurrentActor() actor: Actor, @Param('id', IdPipe) id: string): Promise<ServiceResponse> {
    return ServiceResponse.from(await this.catalog.getService(actor, id, 'public'));
  }

  @Get('staff')
  @ETagged('hash')
  @CacheFor({ seconds: 60, staleSeconds: 300, surrogateKey: 'catalogue' })
  @ApiOperation({ operationId: 'listStaff', summary: 'Who can be booked' })
  @ApiPageResponse(StaffResponse)
  @Refuses('validation-failed')
  async staff(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<StaffResponse>> {
    const rows = await this.catalog.listStaff(actor, query, 'public');
    return pageOf(rows, query, (row) => row.staff.createdAt, StaffResponse.from);
  }
}
