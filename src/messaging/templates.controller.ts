import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IfMatch } from '../common/route.decorators.js';
import {
  CreateTemplateRequest,
  PreviewTemplateRequest,
  RollBackTemplateRequest,
  TemplateDraftRequest,
} from './dto/template.request.js';
import {
  TemplateHistoryResponse,
  TemplatePreviewResponse,
  TemplatesResponse,
} from './dto/template.response.js';
import { TemplatePreviews } from './template-previews.service.js';
import { Templates } from './templates.service.js';

/** The words of our messages, as the salon wants them. */
@ApiTags('Salon: messages')
@ApiBearerAuth()
@Access('manager')
@Controller('admin/templates')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class TemplatesController {
  constructor(
    private readonly templates: Templates,
    private readonly previews: TemplatePreviews,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listTemplates',
    summary: 'Every message’s wording, what is in force and what is being written',
  })
  @ApiOkResponse({ type: TemplatesResponse })
  async list(@CurrentActor() actor: StaffActor): Promise<TemplatesResponse> {
    return TemplatesResponse.from(await this.templates.list(actor));
  }

  @Post()
  @ApiOperation({ operationId: 'createTemplate', summary: 'Begin a message’s wording in another language' })
  @ApiCreatedResponse({ type: TemplateHistoryResponse })
  @Refuses('malformed', 'validation-failed', 'conflict', 'version-mismatch')
  async create(
    @CurrentActor() actor: StaffActor,
    @Body() body: CreateTemplateRequest,
  ): Promise<TemplateHistoryResponse> {
    const { channel, name, language } = body;
    const wording = TemplateDraftRequest.wording(body);
    return TemplateHistoryResponse.from(
      await this.templates.create(actor, { channel, name, language }, wording),
    );
  }

  @Get(':key')
  @ETagged()
  @ApiOperation({
    operationId: 'getTemplate',
    summary: 'One wording with its versions, and the ETag a change needs',
  })
  @ApiOkResponse({ type: TemplateHistoryResponse })
  @Refuses('not-found')
  async get(@CurrentActor() actor: StaffActor, @Param('key') key: string): Promise<TemplateHistoryResponse> {
    return TemplateHistoryResponse.from(await this.templates.get(actor, key));
  }

  @Put(':key')
  @ETagged()
  @ApiOperation({
    operationId: 'draftTemplate',
    summary: 'Keep a draft; If-Match is required, what is in force stays',
  })
  @ApiOkResponse({ type: TemplateHistoryResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'version-mismatch', 'precondition-required')
  async draft(
    @CurrentActor() actor: StaffActor,
    @Param('key') key: string,
    @Body() body: TemplateDraftRequest,
    @IfMatch('required') version: number | null,
  ): Promise<TemplateHistoryResponse> {
    const wording = TemplateDraftRequest.wording(body);
    return TemplateHistoryResponse.from(await this.templates.draft(actor, key, version, wording));
  }

  @Post(':key/preview')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'previewTemplate',
    summary: 'A wording with made-up data, and what a text costs',
  })
  @ApiOkResponse({ type: TemplatePreviewResponse })
  @Refuses('malformed', 'validation-failed', 'not-found')
  async preview(
    @CurrentActor() actor: StaffActor,
    @Param('key') key: string,
    @Body() { subject, body, locale }: PreviewTemplateRequest,
  ): Promise<TemplatePreviewResponse> {
    const view = await this.templates.get(actor, key);
    const shown = view.draft ?? view.published;
    const wording = { subject: subject ?? shown?.subject ?? null, body: body ?? shown?.body ?? '' };
    return TemplatePreviewResponse.from(await this.previews.show(actor, view.key, wording, locale ?? null));
  }

  @Post(':key/publish')
  @HttpCode(200)
  @ETagged()
  @ApiOperation({ operationId: 'publishTemplate', summary: 'Put the draft in force' })
  @ApiOkResponse({ type: TemplateHistoryResponse })
  @Refuses('not-found', 'conflict', 'version-mismatch')
  async publish(
    @CurrentActor() actor: StaffActor,
    @Param('key') key: string,
    @IfMatch() version: number | null,
  ): Promise<TemplateHistoryResponse> {
    return TemplateHistoryResponse.from(await this.templates.publish(actor, key, version));
  }

  @Post(':key/rollback')
  @HttpCode(200)
  @ETagged()
  @ApiOperation({ operationId: 'rollBackTemplate', summary: 'Put an earlier version in force again' })
  @ApiOkResponse({ type: TemplateHistoryResponse })
  @Refuses('malformed', 'validation-failed', 'not-found', 'conflict', 'version-mismatch')
  async rollBack(
    @CurrentActor() actor: StaffActor,
    @Param('key') key: string,
    @Body() { number }: RollBackTemplateRequest,
    @IfMatch() version: number | null,
  ): Promise<TemplateHistoryResponse> {
    return TemplateHistoryResponse.from(await this.templates.rollBack(actor, key, version, number));
  }
}
