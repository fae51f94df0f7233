import { Body, Controller, Get, HttpCode, Ip, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { CustomerActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { Refuses } from '../common/problem.response.js';
import { ETagged, IdPipe, IfMatch, Limited } from '../common/route.decorators.js';
import { CodeRequest, ToldCodeRequest } from '../auth/dto/code.request.js';
import { ChallengeResponse } from '../auth/dto/grants.response.js';
import { StepUp } from '../auth/step-up.service.js';
import { ConsentsRequest } from '../bookings/dto/create-booking.request.js';
import type { PortalActor } from '../bookings/own-bookings.service.js';
import { Profiles } from '../customers/profiles.service.js';
import { ChangeProfileRequest } from './dto/profile.request.js';
import { ConsentsResponse, ProfileResponse } from './dto/profile.response.js';

@ApiTags('Customer portal')
@ApiBearerAuth()
@Access('customer', 'reception')
@Controller('api/customer-portal/:id')
@Refuses('unauthenticated', 'forbidden', 'not-found', 'erased', 'rate-limited', 'unavailable')
export class PortalProfileController {
  constructor(
    private readonly profiles: Profiles,
    private readonly stepUp: StepUp,
  ) {}

  @Get('profile')
  @ETagged()
  @ApiOperation({ operationId: 'getMyProfile', summary: 'Who I am to the salon' })
  @ApiOkResponse({ type: ProfileResponse })
  async get(@CurrentActor() actor: PortalActor, @Param('id', IdPipe) id: string): Promise<ProfileResponse> {
    return ProfileResponse.from(await this.profiles.get(actor, id));
  }

  @Patch('profile')
  @ETagged()
  @ApiOperation({
    operationId: 'changeMyProfile',
    summary: 'Change name, language or wishes; contacts change by a code (`POST …/contacts`)',
  })
  @ApiOkResponse({ type: ProfileResponse })
  @Refuses('validation-failed', 'malformed', 'version-mismatch')
  async change(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeProfileRequest,
    @IfMatch() version: number | null,
  ): Promise<ProfileResponse> {
    const change = ChangeProfileRequest.changeOf(body);
    return ProfileResponse.from(await this.profiles.change(actor, id, change, version));
  }

  @Get('consents')
  @ApiOperation({
    operationId: 'listMyConsents',
    summary: 'What I agreed to, with the words that are shown today',
  })
  @ApiOkResponse({ type: ConsentsResponse })
  async consents(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
  ): Promise<ConsentsResponse> {
    return ConsentsResponse.from(await this.profiles.consentsOf(actor, id));
  }

  @Put('consents')
  @ApiOperation({
    operationId: 'decideMyConsents',
    summary: 'Agree or withdraw, purpose by purpose; what is left out stays as it is',
  })
  @ApiOkResponse({ type: ConsentsResponse })
  @Refuses('validation-failed', 'malformed')
  async decide(
    @CurrentActor() actor: PortalActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ConsentsRequest,
  ): Promise<ConsentsResponse> {
    return ConsentsResponse.from(await this.profiles.decide(actor, id, { ...body }));
  }

  @Post('contacts')
  @HttpCode(202)
  @Access('customer')
  @Limited({ name: 'code', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'askForContactChange',
    summary: 'Send a code to a new phone or e-mail of mine; nothing changes before it is told',
  })
  @ApiAcceptedResponse({ type: ChallengeResponse })
  @Refuses('validation-failed', 'malformed', 'step-up-required')
  async askForContact(
    @CurrentActor() actor: CustomerActor,
    @Param('id', IdPipe) id: string,
    @Body() body: CodeRequest,
    @Ip() ip: string,
  ): Promise<ChallengeResponse> {
    if (id !== actor.customerId) throw new NotFound();
    const contact = CodeRequest.contactOf(body);
    return ChallengeResponse.from(await this.stepUp.askForContact(actor, body.channel, contact, ip));
  }

  @Post('contacts/verify')
  @HttpCode(200)
  @Access('customer')
  @Limited({ name: 'code-verify', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'changeMyContact',
    summary: 'Tell the code that came to the new contact: it takes its place, and my other sessions end',
  })
  @ApiOkResponse({ type: ProfileResponse })
  @Refuses('validation-failed', 'malformed', 'code-wrong', 'conflict')
  async proveContact(
    @CurrentActor() actor: CustomerActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ToldCodeRequest,
  ): Promise<ProfileResponse> {
    if (id !== actor.customerId) throw new NotFound();
    await this.stepUp.proveContact(actor, body);
    return ProfileResponse.from(await this.profiles.get(actor, id));
  }
}
