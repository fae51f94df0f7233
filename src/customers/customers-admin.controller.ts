import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { ApiPageResponse, pageOf, type Page } from '../common/page.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IdPipe, IfMatch } from '../common/route.decorators.js';
import { CustomersService } from './customers.service.js';
import { ChangeCustomerRequest, CreateCustomerRequest, CustomersQuery } from './dto/customer.request.js';
import { CustomerResponse } from './dto/customer.response.js';

/** The salon's card index. */
@ApiTags('Salon: customers')
@ApiBearerAuth()
@Access('reception')
@Controller('admin/customers')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class CustomersAdminController {
  constructor(private readonly customers: CustomersService) {}

  @Get()
  @ApiOperation({
    operationId: 'listCustomers',
    summary: 'Customers, newest first; search by name, e-mail or phone',
  })
  @ApiPageResponse(CustomerResponse)
  @Refuses('validation-failed')
  async list(
    @CurrentActor() actor: StaffActor,
    @Query() query: CustomersQuery,
  ): Promise<Page<CustomerResponse>> {
    const rows = await this.customers.list(actor, query, query.search);
    return pageOf(rows, query, (row) => row.createdAt, CustomerResponse.from);
  }

  @Post()
  @ETagged()
  @ApiOperation({ operationId: 'createCustomer', summary: 'Write down somebody who came in or called' })
  @ApiCreatedResponse({ type: CustomerResponse })
  @Refuses('malformed', 'validation-failed')
  async create(
    @CurrentActor() actor: StaffActor,
    @Body() body: CreateCustomerRequest,
  ): Promise<CustomerResponse> {
    return CustomerResponse.from(await this.customers.create(actor, body));
  }

  @Get(':id')
  @ETagged()
  @ApiOperation({ operationId: 'getCustomer', summary: 'One customer' })
  @ApiOkResponse({ type: CustomerResponse })
  @Refuses('not-found')
  async get(@CurrentActor() actor: StaffActor, @Param('id', IdPipe) id: string): Promise<CustomerResponse> {
    return CustomerResponse.from(await this.customers.get(actor, id));
  }

  @Patch(':id')
  @ETagged()
  @ApiOperation({ operationId: 'changeCustomer', summary: 'Change contacts, preferences or notes' })
  @ApiOkResponse({ type: CustomerResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'version-mismatch')
  async change(
    @CurrentActor() actor: StaffActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeCustomerRequest,
    @IfMatch() version: number | null,
  ): Promise<CustomerResponse> {
    return CustomerResponse.from(await this.customers.change(actor, id, body, version));
  }
}
