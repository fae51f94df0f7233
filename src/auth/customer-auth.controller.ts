import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentActor } from '../common/access.js';
import type { CustomerActor } from '../common/actor.js';
import { Refuses } from '../common/problem.response.js';
import { Limited } from '../common/route.decorators.js';
import { CustomerSignIn } from './customer-sign-in.service.js';
import { CodeRequest, StepUpRequest, ToldCodeRequest, VerifyCodeRequest } from './dto/code.request.js';
import { ChallengeResponse, CustomerSessionResponse } from './dto/grants.response.js';
import { StepUp } from './step-up.service.js';

/** Customers have no password: they prove a contact with a code. */
@ApiTags('Identity')
@Controller('api/auth')
@Refuses('unauthenticated', 'rate-limited', 'validation-failed', 'malformed', 'unavailable')
export class CustomerAuthController {
  constructor(
    private readonly signIn: CustomerSignIn,
    private readonly stepUp: StepUp,
  ) {}

  @Post('code')
  @HttpCode(202)
  @Access('public')
  @Limited({ name: 'code', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'askForCode',
    summary: 'Ask for a one-time code by text or e-mail; the answer is the same whoever is asked for',
    description:
      'At most three codes go to a contact in ten minutes; whoever asks for more gets a challenge that answers to the last one.',
  })
  @ApiAcceptedResponse({ type: ChallengeResponse })
  async ask(@Body() body: CodeRequest, @Ip() ip: string): Promise<ChallengeResponse> {
    const contact = CodeRequest.contactOf(body);
    return ChallengeResponse.from(await this.signIn.askForCode(body.channel, contact, ip));
  }

  @Post('code/verify')
  @HttpCode(200)
  @Access('public')
  @Limited({ name: 'code-verify', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'signInCustomer',
    summary: 'Sign in a customer by the code that came; whoever is new gets an account',
    description: 'What guests booked with exactly this contact becomes the customer’s.',
  })
  @ApiOkResponse({ type: CustomerSessionResponse })
  @Refuses('sign-in-failed')
  async verify(@Body() { challengeId, code, name }: VerifyCodeRequest): Promise<CustomerSessionResponse> {
    return CustomerSessionResponse.from(
      await this.signIn.withCode({ challengeId, code, name: name ?? null }),
    );
  }

  @Post('step-up')
  @HttpCode(202)
  @Access('customer')
  @ApiBearerAuth()
  @Limited({ name: 'code', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'askForStepUp',
    summary: 'Ask for a code to one of the contacts I have proven, for what needs a fresh proof',
  })
  @ApiAcceptedResponse({ type: ChallengeResponse })
  @Refuses('forbidden')
  async askAgain(
    @CurrentActor() actor: CustomerActor,
    @Body() { channel }: StepUpRequest,
    @Ip() ip: string,
  ): Promise<ChallengeResponse> {
    return ChallengeResponse.from(await this.stepUp.ask(actor, channel, ip));
  }

  @Post('step-up/verify')
  @HttpCode(204)
  @Access('customer')
  @ApiBearerAuth()
  @Limited({ name: 'code-verify', max: 20, seconds: 60 })
  @ApiOperation({
    operationId: 'stepUp',
    summary: 'Prove it is still me; good for ten minutes in this session',
  })
  @ApiNoContentResponse()
  @Refuses('forbidden', 'code-wrong')
  async prove(@CurrentActor() actor: CustomerActor, @Body() body: ToldCodeRequest): Promise<void> {
    await this.stepUp.prove(actor, body);
  }
}
