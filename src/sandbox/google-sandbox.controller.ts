import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../common/access.js';
import { Refuses } from '../common/problem.response.js';
import {
  AddSandboxCalendarRequest,
  CreateSandboxEventRequest,
  MoveSandboxEventRequest,
  SandboxEventRequest,
} from './dto/google.requests.js';
import { SandboxEventOutcomeResponse, SandboxGrantResponse } from './dto/google.response.js';
import { Sandbox } from './sandbox.service.js';

/** Plays people in Google's calendar, and the owner of its account. Not there in production. */
@ApiTags('Sandbox')
@Access('sandbox')
@Controller('sandbox/calendar')
@Refuses('malformed', 'validation-failed', 'not-found', 'conflict', 'unavailable', 'provider-unavailable')
export class GoogleSandboxController {
  constructor(private readonly sandbox: Sandbox) {}

  @Post('calendars')
  @HttpCode(204)
  @ApiOperation({ operationId: 'addSandboxCalendar', summary: 'The account has one calendar more' })
  @ApiNoContentResponse()
  async add(@Body() body: AddSandboxCalendarRequest): Promise<void> {
    await this.sandbox.calendar((client) => client.addCalendar(body));
  }

  @Post('create')
  @HttpCode(200)
  @ApiOperation({ operationId: 'createSandboxEvent', summary: 'Somebody writes an event of their own' })
  @ApiOkResponse({ type: SandboxEventOutcomeResponse })
  async create(@Body() body: CreateSandboxEventRequest): Promise<SandboxEventOutcomeResponse> {
    return SandboxEventOutcomeResponse.from(
      await this.sandbox.calendar((client) => client.createEvent(body)),
    );
  }

  @Post('move')
  @HttpCode(200)
  @ApiOperation({ operationId: 'moveSandboxEvent', summary: 'Somebody drags an event to another time' })
  @ApiOkResponse({ type: SandboxEventOutcomeResponse })
  async move(@Body() body: MoveSandboxEventRequest): Promise<SandboxEventOutcomeResponse> {
    return SandboxEventOutcomeResponse.from(await this.sandbox.calendar((client) => client.moveEvent(body)));
  }

  @Post('delete')
  @HttpCode(200)
  @ApiOperation({ operationId: 'deleteSandboxEvent', summary: 'Somebody deletes an event' })
  @ApiOkResponse({ type: SandboxEventOutcomeResponse })
  async delete(@Body() body: SandboxEventRequest): Promise<SandboxEventOutcomeResponse> {
    return SandboxEventOutcomeResponse.from(
      await this.sandbox.calendar((client) => client.deleteEvent(body)),
    );
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({ operationId: 'revokeSandboxCalendar', summary: 'The account takes its consent back' })
  @ApiOkResponse({ type: SandboxGrantResponse })
  async revoke(): Promise<SandboxGrantResponse> {
    const { granted } = await this.sandbox.calendar((client) => client.setConsent(false));
    return SandboxGrantResponse.of(granted);
  }

  @Post('grant')
  @HttpCode(200)
  @ApiOperation({ operationId: 'grantSandboxCalendar', summary: 'The account gives its consent again' })
  @ApiOkResponse({ type: SandboxGrantResponse })
  async grant(): Promise<SandboxGrantResponse> {
    const { granted } = await this.sandbox.calendar((client) => client.setConsent(true));
    return SandboxGrantResponse.of(granted);
  }
}
