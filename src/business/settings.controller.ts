import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { StaffActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IfMatch } from '../common/route.decorators.js';
import { ChangeSettingsRequest } from './dto/change-settings.request.js';
import { EffectiveSettingsResponse } from './dto/effective-setting.response.js';
import { SettingsResponse } from './dto/settings.response.js';
import { SettingsService } from './settings.service.js';

/** The owner's desk: who the salon is and by which rules it deals. */
@ApiTags('Salon: settings')
@ApiBearerAuth()
@Access('owner')
@Controller('admin/settings')
@Refuses('unauthenticated', 'forbidden', 'rate-limited', 'unavailable')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @ETagged()
  @ApiOperation({ operationId: 'getSettings', summary: 'The salon’s name, contact and policies' })
  @ApiOkResponse({ type: SettingsResponse })
  async get(@CurrentActor() actor: StaffActor): Promise<SettingsResponse> {
    return SettingsResponse.from(await this.settings.get(actor));
  }

  @Patch()
  @ETagged()
  @ApiOperation({
    operationId: 'changeSettings',
    summary: 'Change some settings; existing bookings keep their policy',
  })
  @ApiOkResponse({ type: SettingsResponse })
  @Refuses('malformed', 'validation-failed', 'version-mismatch', 'conflict')
  async change(
    @CurrentActor() actor: StaffActor,
    @Body() body: ChangeSettingsRequest,
    @IfMatch() version: number | null,
  ): Promise<SettingsResponse> {
    return SettingsResponse.from(await this.settings.change(actor, body, version));
  }

  @Get('effective')
  @ApiOperation({
    operationId: 'listEffectiveSettings',
    summary: 'Every setting in force and where it comes from',
  })
  @ApiOkResponse({ type: EffectiveSettingsResponse })
  async effective(@CurrentActor() actor: StaffActor): Promise<EffectiveSettingsResponse> {
    return EffectiveSettingsResponse.from(await this.settings.effective(actor));
  }
}
